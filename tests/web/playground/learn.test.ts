import { describe, expect, test } from "bun:test"
import * as native from "../../../src/dialects/native/examples"
import * as roomCommands from "../../../src/dialects/room-commands/examples"
import type { Known } from "../../../src/web/playground/commands/command"
import { learnFrom } from "../../../src/web/playground/learn"

const NOTHING: Known = {
  room: "general",
  conversation: "",
  userId: "",
  userNumber: "",
  username: "",
  message: "",
  seq: "",
  epoch: "",
  token: "",
}

describe("forms are filled with what was heard", () => {
  test("native: who one is, from hello", () => {
    const { frame } = native.GREETING_EXAMPLE

    expect(learnFrom("native", NOTHING, frame)).toMatchObject({ username: "ann", userNumber: "1" })
  })

  test("native: the message that came last, and its seq", () => {
    const { frame } = native.EVENT_EXAMPLES["message.created"]

    const known = learnFrom("native", NOTHING, frame)

    expect(known.seq).toBe("3")
    expect(known.message).toMatch(/^[0-9a-f-]{36}$/)
    expect(known.room).toBe("general")
  })

  test("room-commands: the room that one has made", () => {
    const { frame } = roomCommands.REPLY_EXAMPLES["room.created"]

    expect(learnFrom("room-commands", NOTHING, frame).room).toMatch(/^[0-9a-f-]{36}$/)
  })

  test("what is no object, or says nothing of the kind, teaches nothing", () => {
    for (const frame of [
      null,
      "text",
      [],
      { type: "ok", data: { rooms: [] } },
      { type: "hello" },
    ]) {
      expect(learnFrom("native", NOTHING, frame)).toEqual(NOTHING)
    }
  })
})
