import { describe, expect, test } from "bun:test"
import { countsOf, heardMessage, nothingUnread } from "../../src/client/rooms/unread-count"
import { createRoomLog } from "../support/room-log"

const ME = "ann"

describe("what is unread", () => {
  test("given more is heard than is kept one by one, then what is told late is asked again", () => {
    const log = createRoomLog()
    for (let count = 0; count < 300; count++) log.write("bob")
    log.react(0)
    const [late, ...others] = log.messages
    const heard = others.reduce((count, it) => heardMessage(count, it, ME), nothingUnread(0))
    expect(countsOf(heard).unread).toBe(299)
    expect(heard.isInDoubt).toBe(false)

    // It was written first and has changed last: it is told after all others.
    const told = late === undefined ? heard : heardMessage(heard, late, ME)

    expect(told.isInDoubt).toBe(true)
  })

  test("shows no more than 1,000, however many were heard", () => {
    const log = createRoomLog()
    for (let count = 0; count < 1_500; count++) log.write("bob", [ME])

    const heard = log.messages.reduce((count, it) => heardMessage(count, it, ME), nothingUnread(0))

    expect(countsOf(heard)).toEqual({ unread: 1_000, mentions: 1_000 })
  })
})
