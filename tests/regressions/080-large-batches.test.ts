import { expect, test } from "bun:test"
import { draft, openChat } from "../support/chat"

const LENGTH = 60_000
const COUNT = 200

// All that had come in one turn shared a commit and was told in one turn: nobody could read
// between two of so many frames, and Bun, or we, cut off the readiest of clients as too slow.
test("given 12 MB sent at once, about 262,144 characters are told at a time", async () => {
  const house = await openChat({ settings: { messageCharsMax: LENGTH } })
  const ann = await house.person("ann")
  const id = await house.room(ann)
  house.told.length = 0
  house.batches.length = 0
  let mostInATurn = 0
  let isWatching = true
  function watch(toldBefore: number): void {
    const { length } = house.told
    mostInATurn = Math.max(mostInATurn, length - toldBefore)
    if (isWatching) setImmediate(() => watch(length))
  }
  watch(0)

  const content = "x".repeat(LENGTH)
  await Promise.all(
    Array.from({ length: COUNT }, () =>
      house.chat.messages.sendMessage(ann, draft(id, { content })),
    ),
  )
  // The last turn is one of them.
  await new Promise<void>((resolve) => setImmediate(resolve))
  isWatching = false

  expect(house.told.map((it) => "seq" in it && it.seq)).toEqual(
    Array.from({ length: COUNT }, (_, index) => index + 2),
  )
  expect(mostInATurn).toBe(5)
  expect(house.batches).toEqual(Array.from({ length: COUNT / 5 }, () => 5))
  await house.close()
})
