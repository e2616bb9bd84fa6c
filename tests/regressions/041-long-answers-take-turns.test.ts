import { expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { person } from "../support/people"
import { chatClient } from "../support/room-commands-client"
import { waitUntil } from "../support/wait"

const ROOMS = 200
const LISTS = 250

// Lists are read without waiting, so those that came in one piece were all answered before the
// event loop looked at anybody else: some thousand frames of one user held everybody up for
// seconds. They cost no more than any other frame, either.
test("given many ask for long lists in one piece, then others are answered between them, and who asked for too many is refused", async () => {
  const house = await openHouse({ env: { CHAT_MAX_FRAMES_PER_SEC: "100" } })
  const [ann, eve] = [await person(house.url, "ann"), await person(house.url, "eve")]
  for (let n = 0; n < ROOMS; n++) await ann.post("/rooms", { name: `room ${n}` })
  const [first, second] = [await chatClient(house.url, eve), await chatClient(house.url, eve)]
  const answers = () => [...first.frames, ...second.frames]

  for (const client of [first, second]) for (let n = 0; n < LISTS; n++) client.listRooms()
  await waitUntil("the first list came", () => answers().length > 0)
  await fetch(`${house.url}/health`)
  const before = answers().length
  await waitUntil("all is answered", () => answers().length === 2 * LISTS, 10_000)

  expect(before).toBeLessThan(2 * LISTS)
  for (const { frames } of [first, second]) {
    const lists = frames.filter(({ type }) => type === "rooms_list").length
    // A burst of 1,000 frames, of which 250 were asked with, at 20 frames more a list.
    expect(lists).toBeGreaterThanOrEqual(37)
    expect(lists).toBeLessThan(100)
    expect(frames.at(-1)).toMatchObject({ data: { message: "rate limit exceeded" } })
  }
  await house.stop()
})
