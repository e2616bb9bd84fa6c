import { describe, expect, test } from "bun:test"
import {
  asText,
  cleared,
  EMPTY_LOG,
  errorCodeIn,
  type FrameLog,
  filtered,
  type LoggedFrame,
  NO_FILTER,
  nameOf,
  paused,
  pretty,
  resumed,
  withFrame,
  withoutSecrets,
} from "../../../src/web/playground/frame-log"

const frame = (id: number, more: Partial<LoggedFrame> = {}): LoggedFrame => ({
  id,
  at: Date.parse("2026-01-02T12:00:00.000Z"),
  direction: "in",
  layer: "frame",
  name: "text",
  text: `{"type":"text","content":"${id}"}`,
  bytes: 30,
  isTrouble: false,
  ...more,
})
const filledWith = (count: number, log: FrameLog = EMPTY_LOG) =>
  Array.from({ length: count }, (_, index) => frame(index + 1)).reduce(withFrame, log)
const ids = (frames: readonly LoggedFrame[]) => frames.map((it) => it.id)

describe("the log of frames", () => {
  test("keeps the last 1,000 and counts those that it forgot", () => {
    const log = filledWith(1_003)

    expect(log.frames).toHaveLength(1_000)
    expect(log.frames[0]?.id).toBe(4)
    expect(log.dropped).toBe(3)
  })

  test("paused it stands still, and shows what came meanwhile when it goes on", () => {
    const still = withFrame(paused(filledWith(2)), frame(3))

    expect(ids(still.frames)).toEqual([1, 2])
    expect(ids(resumed(still).frames)).toEqual([1, 2, 3])
    expect(resumed(still).held).toEqual([])
  })

  test("paused for long it keeps the last 1,000 of what came as well", () => {
    const still = filledWith(1_005, paused(EMPTY_LOG))

    expect(still.held).toHaveLength(1_000)
    expect(still.dropped).toBe(5)
    expect(resumed(still).frames[0]?.id).toBe(6)
  })

  test("cleared it is empty, and stays paused if it was", () => {
    expect(cleared(paused(filledWith(3)))).toEqual({ ...EMPTY_LOG, isPaused: true })
  })
})

describe("the filter", () => {
  const frames = [
    frame(1, { name: "chat.message", text: '{"message":"Hello"}' }),
    frame(2, { direction: "out", name: "chat.join", text: '{"roomId":"general"}' }),
    frame(3, { layer: "packet", name: "ping", text: "2" }),
  ]

  test("shows frames without packets at first", () => {
    expect(ids(filtered(frames, NO_FILTER))).toEqual([1, 2])
    expect(ids(filtered(frames, { ...NO_FILTER, showsPackets: true }))).toEqual([1, 2, 3])
  })

  test("by words in name or text, in any case, and by direction", () => {
    expect(ids(filtered(frames, { ...NO_FILTER, words: "HELLO" }))).toEqual([1])
    expect(ids(filtered(frames, { ...NO_FILTER, words: "chat." }))).toEqual([1, 2])
    expect(ids(filtered(frames, { ...NO_FILTER, direction: "out" }))).toEqual([2])
    expect(ids(filtered(frames, { ...NO_FILTER, words: "nobody said this" }))).toEqual([])
  })
})

test("secrets are hidden wherever they stand, as they are and as addresses have them", () => {
  const text = '{"token":"a/b"} ws://host/ws?token=a%2Fb'

  expect(withoutSecrets(text, ["a/b", ""])).toBe('{"token":"•••"} ws://host/ws?token=•••')
})

test("JSON is shown on many lines, and what is none as it came", () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(pretty("2probe")).toBe("2probe")
})

test("a frame is named by its event or its type", () => {
  expect(nameOf('{"type":"text"}')).toBe("text")
  expect(nameOf('{"event":"chat.join"}')).toBe("chat.join")
  expect(nameOf("no JSON")).toBe("?")
})

test("the code of a refusal is found in the frame, or in its data", () => {
  expect(errorCodeIn('{"type":"error","data":{"code":"muted"}}')).toBe("muted")
  expect(errorCodeIn('{"type":"error","detail":"-","code":"forbidden"}')).toBe("forbidden")
  expect(errorCodeIn('{"success":false,"statusCode":404}')).toBeNull()
  expect(errorCodeIn("no JSON")).toBeNull()
})

test("copied, each has a line with its time and direction", () => {
  const out = frame(2, { direction: "out", text: "{}" })

  expect(asText([frame(1, { text: "[]" }), out])).toBe(
    "2026-01-02T12:00:00.000Z ← []\n2026-01-02T12:00:00.000Z → {}",
  )
})
