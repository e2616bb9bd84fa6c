import { expect, test } from "bun:test"
import { chatOf } from "../support/chat-client"
import { openHouse } from "../support/house"
import { person } from "../support/people"

test("an event of more than 64 KiB is refused in its protocol's words, unread, and the socket stays", async () => {
  const house = await openHouse()
  const ann = await chatOf(house.url, await person(house.url, "ann"))
  // A megabyte of empty objects took a second to read.
  const padding = Array.from({ length: 300_000 }, () => ({}))

  const from = performance.now()
  const room = await ann.ask("joinRoom", { roomId: "large", padding })
  const pair = await ann.ask("join-conversation", { conversationId: 1, padding })
  const small = await ann.ask("joinRoom", { roomId: "small" })

  const detail = "a frame may have 65536 bytes"
  expect(room).toMatchObject({ success: false, statusCode: 400, error: detail })
  expect(pair).toMatchObject({ success: false, error: detail })
  expect(small).toMatchObject({ success: true, roomId: "small" })
  expect(performance.now() - from).toBeLessThan(1_000)
  ann.close()
  await house.stop()
})
