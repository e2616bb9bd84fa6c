import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { onPostgres } from "../support/databases"
import { holdOnPostgres } from "../support/holding"
import { type House, openHouse } from "../support/house"
import { type Answer, type Person, person } from "../support/people"
import { type ChatClient, chatClient } from "../support/room-commands-client"

const ROUNDS = 16

/**
 * Where writes run side by side, either may be the first. Regressions 040 and 070 say what is
 * answered where they share a commit, in order; this is what holds in any case.
 */
describe("somebody is in a room or on their way in, while they are shown out", () => {
  let house: House
  let ann: Person
  let eve: Person

  beforeAll(async () => {
    house = await openHouse({ env: { CHAT_MAX_CONNECTIONS_PER_USER: "0" } })
    ann = await person(house.url, "ann")
    eve = await person(house.url, "eve")
  })
  afterAll(() => house.stop())

  const ban = (room: string) => ann.put(`/rooms/${room}/bans/${eve.id}`)
  const remove = (room: string) => ann.delete(`/rooms/${room}/members/${eve.id}`)

  /** As soon as they are a member: in the moment between that and the answer to it. */
  async function removeAtOnce(room: string): Promise<Answer> {
    for (let tries = 0; tries < 1_000; tries++) {
      const answer = await remove(room)
      if (answer.status !== 404) return answer
    }
    throw new Error("eve never became a member")
  }

  /** The type of the answer: `join`, or `error`. */
  async function comeIn(client: ChatClient, room: string): Promise<string> {
    client.joinRoom(room)
    return (await client.next()).type
  }

  /** In every round in a public room of its own, on a connection of its own. */
  async function inRooms(
    play: (client: ChatClient, room: string, round: number) => Promise<void>,
  ): Promise<void> {
    const clients: ChatClient[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const room: string = (await ann.post("/rooms", { name: "tea" })).body.id
      const client = await chatClient(house.url, eve)
      clients.push(client)
      await play(client, room, round)
      const { body: members } = await ann.get(`/rooms/${room}/members`)
      expect(members).toMatchObject([{ user: { username: "ann" } }])
      expect((await ann.post(`/rooms/${room}/messages`, { content: "secret" })).status).toBe(200)
    }
    for (const client of clients) {
      await client.rest(0)
      expect(JSON.stringify(client.frames)).not.toContain("secret")
      client.close()
    }
  }

  test("given a ban while they join, whichever is first, then they are no member and hear nothing", async () => {
    const outcomes: string[] = []
    await inRooms(async (client, room, round) => {
      const isLate = round % 2 === 0
      const early = isLate ? undefined : ban(room)
      const joining = comeIn(client, room)
      if (isLate) await Bun.sleep(round / 4)

      const [joined, banned] = await Promise.all([joining, early ?? ban(room)])

      expect(banned.status).toBe(200)
      outcomes.push(joined)
    })
    expect(outcomes).toContain("error")
  }, 60_000)

  test("given they are removed as soon as they have joined, then they are no member and hear nothing", async () => {
    await inRooms(async (client, room) => {
      const [joined, removed] = await Promise.all([comeIn(client, room), removeAtOnce(room)])

      expect(["join", "error"]).toContain(joined)
      expect(removed.status).toBe(204)
    })
  }, 60_000)

  const showOuts: readonly [string, (room: string) => Promise<Answer>][] = [
    ["ban", ban],
    ["removal", remove],
  ]
  test.each(showOuts)(
    "given a %s while they send message after message, then none of these makes them a member again",
    async (_name, showOut) => {
      await inRooms(async (client, room, round) => {
        await comeIn(client, room)

        const showingOut = showOut(room)
        for (let count = 0; count < 8; count++) {
          client.sendMessage(`message ${count}`)
          if (count % 2 === round % 2) await Bun.sleep(0)
        }

        expect((await showingOut).status).toBeLessThan(300)
        await client.nextOf("error")
        const { body } = await ann.get(`/rooms/${room}/messages`)
        const texts = body.map(({ content }: { content: string }) => content)
        // What is refused is the end of them.
        expect(texts).toEqual(texts.map((_: string, index: number) => `message ${index}`))
      })
    },
    60_000,
  )

  onPostgres("what is under way where writes wait for each other", () => {
    test.each(showOuts)(
      "given a %s that a message waits for, then it is refused, and they stay out",
      async (_name, showOut) => {
        const room: string = (await ann.post("/rooms", { name: "tea" })).body.id
        const client = await chatClient(house.url, eve)
        await comeIn(client, room)
        const row = `select 1 from rooms where id = '${room}' for update`
        const hold = await holdOnPostgres(house.path, row)
        const showingOut = showOut(room)
        await hold.waiting(1)
        client.sendMessage("from outside")
        await hold.waiting(2)

        await hold.letGo()

        expect((await showingOut).status).toBeLessThan(300)
        expect(await client.nextOf("error")).toBeDefined()
        await client.rest(1)
        expect(client.frames.filter(({ type }) => type === "error")).toHaveLength(2)
        expect((await ann.get(`/rooms/${room}/messages`)).body).toEqual([])
        expect((await ann.get(`/rooms/${room}/members`)).body).toHaveLength(1)
        client.close()
      },
    )
  })
})
