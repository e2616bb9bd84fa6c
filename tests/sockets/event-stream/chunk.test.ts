import { expect, test } from "bun:test"
import { encodeEvent, encodeSignal, greet } from "../../../src/dialects/native/encode"
import {
  EVENT_EXAMPLES,
  GREETING_EXAMPLE,
  SIGNAL_EXAMPLES,
} from "../../../src/dialects/native/examples"
import { encodeClosed, encodeLive, encodeSnapshot } from "../../../src/dialects/native/stream"
import { STREAM_EXAMPLES } from "../../../src/dialects/native/stream-examples"
import { createChunks } from "../../../src/sockets/event-stream/chunk"

const { snapshot, refused, live, closed } = STREAM_EXAMPLES

test("what a stream alone says is as its golden frames have it", () => {
  expect(JSON.parse(encodeSnapshot(snapshot.standing))).toEqual(snapshot.frame)
  expect(JSON.parse(encodeSnapshot(refused.standing))).toEqual(refused.frame)
  expect(JSON.parse(encodeLive())).toEqual(live.frame)
  expect(JSON.parse(encodeClosed(closed.code, closed.reason))).toEqual(closed.frame)
})

test("of every frame its type, its room and its seq are found, and it is one line", () => {
  const frames = [
    ...greet(GREETING_EXAMPLE.greeting),
    ...Object.values(EVENT_EXAMPLES).map(({ event }) => encodeEvent(event)),
    ...Object.values(SIGNAL_EXAMPLES).map(({ signal }) => encodeSignal(signal)),
    encodeSnapshot(snapshot.standing),
    encodeSnapshot(refused.standing),
    encodeLive(),
    encodeClosed(closed.code, closed.reason),
  ].filter((frame) => frame !== null)
  const chunkOf = createChunks()

  for (const frame of frames) {
    const { type, room_id = null, seq = null } = JSON.parse(frame)
    const chunk = chunkOf(frame)
    expect(chunk).toEqual({
      frame,
      type,
      roomId: room_id,
      seq,
      lines: `event: ${type}\ndata: ${frame}\n`,
    })
    expect(frame).not.toMatch(/[\r\n]/)
    expect(chunkOf(frame)).toBe(chunk)
  }
  expect(frames.length).toBeGreaterThan(20)
})
