import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { ApiSearchHit } from "../../src/protocol/answers"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { expectProblem } from "../support/scenarios"
import { waitUntil } from "../support/wait"

describe("searching over REST", () => {
  let house: House
  let ann: Person
  let bob: Person
  let cleo: Person

  beforeAll(async () => {
    house = await openHouse({ indexAfterMs: 5 })
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    cleo = await person(house.url, "cleo")
  })
  afterAll(() => house.stop())

  const say = (by: Person, roomId: string, content: string) =>
    by.post(`/rooms/${roomId}/messages`, { content })
  const ask = (by: Person, query: Readonly<Record<string, string>>) =>
    by.get(`/search?${new URLSearchParams(query)}`)
  const snippets = async (by: Person, query: Readonly<Record<string, string>>) =>
    (await ask(by, query)).body.map((it: ApiSearchHit) => it.snippet)

  async function privateRoom(): Promise<string> {
    const { body } = await ann.post("/rooms", { name: "two of us", type: "private" })
    await ann.put(`/rooms/${body.id}/members/${bob.id}`)
    return body.id
  }

  test("two find what they said in private, and a stranger nothing: no hit, no count, no page", async () => {
    const roomId = await privateRoom()
    for (let count = 0; count < 3; count++) await say(ann, roomId, `the zanzibar plan ${count}`)

    const answer = await ask(bob, { q: "Zanzibar", limit: "2" })

    expect(answer.body).toMatchObject([
      { snippet: "the <mark>zanzibar</mark> plan 2", message: { user: { username: "ann" } } },
      { snippet: "the <mark>zanzibar</mark> plan 1", message: { room_id: roomId } },
    ])
    const next = /^<\/api\/v1(.*)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1]
    const rest = await bob.get(next ?? "")
    expect(rest.body).toMatchObject([{ snippet: "the <mark>zanzibar</mark> plan 0" }])
    expect(rest.headers.get("link")).toBeNull()

    const strangers = await ask(cleo, { q: "Zanzibar", limit: "1" })
    expect([strangers.status, strangers.body]).toEqual([200, []])
    expect(strangers.headers.get("link")).toBeNull()
    expect(strangers.headers.get("x-search-behind")).toBeNull()
    const hidden = await ask(cleo, { q: "Zanzibar", room_id: roomId })
    const none = await ask(cleo, { q: "Zanzibar", room_id: "there-is-none" })
    expectProblem(hidden, "room_not_found")
    expect(hidden.body).toEqual(none.body)
  })

  test("a snippet is HTML in which a message is text", async () => {
    const room = await roomOf(ann)
    await say(ann, room.id, `<img src=x onerror="alert(1)"> quokka`)

    expect(await snippets(bob, { q: "quokka" })).toEqual([
      "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; <mark>quokka</mark>",
    ])
  })

  test("an author and times narrow it, with or without the plus of a zone escaped", async () => {
    const room = await roomOf(ann, [bob])
    await say(ann, room.id, "wombat of ann")
    await say(bob, room.id, "wombat of bob")
    const of = "<mark>wombat</mark> of"

    expect(await snippets(ann, { q: "wombat", from: "bob" })).toEqual([`${of} bob`])
    expect(await snippets(ann, { q: "wombat", from: ann.id })).toEqual([`${of} ann`])
    expect(await snippets(ann, { q: "wombat", has: "file" })).toEqual([])
    expect(await snippets(ann, { q: "wombat", after: "2200-01-01T00:00:00+01:00" })).toEqual([])
    const { body } = await ann.get("/search?q=wombat&before=2200-01-01T00:00:00+01:00")
    expect(body).toHaveLength(2)
  })

  test("what is wrong is named: no words, of 257 characters, a time, a cursor, a user", async () => {
    const problems = async (query: Readonly<Record<string, string>>) =>
      (await ask(ann, query)).body.errors?.map(({ path }: { path: string }) => path)

    expect(await problems({})).toEqual(["q"])
    expect(await problems({ q: "" })).toEqual(["q"])
    expect(await problems({ q: "x".repeat(257) })).toEqual(["q"])
    expect(await problems({ q: "x".repeat(256) })).toBeUndefined()
    expect(await problems({ q: "x", before: "yesterday" })).toEqual(["before"])
    expect(await problems({ q: "x", has: "wings" })).toEqual(["has"])
    for (const cursor of ["x", "1.2", "1.2.3.4", `${"z".repeat(30)}.1.1`]) {
      expect(await problems({ q: "x", cursor })).toEqual(["cursor"])
    }
    expectProblem(await ask(ann, { q: "x", from: "nobody-knows" }), "user_not_found")
  })

  test("messages are taken into the index without anybody searching, and the metric says so", async () => {
    const room = await roomOf(ann)
    await say(ann, room.id, "sooner or later")
    const behind = async () =>
      /^parley_search_behind (\d+)$/m.exec(await (await fetch(`${house.url}/metrics`)).text())?.[1]

    await waitUntil("the index to catch up", async () => (await behind()) === "0")

    const [row] = house.rows(`select head, indexed_seq from rooms where id = '${room.id}'`)
    expect(row?.indexed_seq).toBe(row?.head)
  })
})
