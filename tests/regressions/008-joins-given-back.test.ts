import { expect, test } from "bun:test"
import { codeOf, draft, openChat } from "../support/chat"
import { isOnPostgres } from "../support/databases"
import { breakTable } from "../support/rows"
import { createScratch } from "../support/scratch"

// Sending that would have joined kept its place among the joins of the minute when it was refused.
test("given sends that would join and are refused, then the 1 join of the minute is still there", async () => {
  const scratch = createScratch()
  const path = scratch.path("parley.db")
  const house = await openChat({ path, settings: { joinsPerMinuteMax: 1 } })
  const [ann, bob] = [await house.person("ann"), await house.person("bob")]
  const roomId = await house.room(ann)
  const mend = breakTable(path, "messages", "insert")

  const refused = [
    await codeOf(house.chat.messages.sendMessage(bob, draft(roomId, { type: "system" }))),
    await codeOf(house.chat.messages.sendMessage(bob, draft(roomId))),
  ]
  mend()
  const { message } = await house.chat.messages.sendMessage(bob, draft(roomId))

  expect(refused).toEqual(["forbidden", isOnPostgres ? "P0001" : "SQLITE_CONSTRAINT_TRIGGER"])
  expect(message.seq).toBe(3)
  await house.close()
  scratch.remove()
})
