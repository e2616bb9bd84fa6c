import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { nextPageLink, readCursor } from "../../src/http/paging"
import { type House, openHouse } from "../support/house"
import { call, type Person, person } from "../support/people"

const cursorOf = (link: string | undefined) =>
  new URL(/<(.+)>/.exec(link ?? "")?.[1] ?? "/", "http://x").searchParams.get("cursor") ?? undefined

describe("cursors", () => {
  test("come back as the positions that they were made of", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (position) => {
        const link = nextPageLink("http://x/rooms?limit=1", [1], { limit: 1, position })
        expect(readCursor(cursorOf(link), -1)).toBe(position)
      }),
    )
  })

  test("none starts at the top, and what never stood in a Link is refused", () => {
    expect(readCursor(undefined, 42)).toBe(42)
    for (const text of ["", "-1", "1.5", "1!", " 1", "1\n", "ZZ", "z".repeat(200), "é"]) {
      expect(() => readCursor(text, 42)).toThrow("cursor: must be that of a Link header")
    }
  })

  test("the next page keeps what else was asked for, and only a full page has one", () => {
    const url = "http://x/api/v1/rooms?query=a%26b&limit=2&cursor=old"
    const next = nextPageLink(url, [1, 2], { limit: 2, position: 36 })

    expect(next).toBe('</api/v1/rooms?query=a%26b&limit=2&cursor=10>; rel="next"')
    expect(nextPageLink(url, [1], { limit: 2, position: 36 })).toBeUndefined()
    expect(nextPageLink(url, [], { limit: 2, position: undefined })).toBeUndefined()
  })
})

describe("walking a list to its end", () => {
  let house: House
  let ann: Person
  const people: Person[] = []

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    for (let index = 0; index < 6; index++) people.push(await person(house.url, `walker${index}`))
    for (let index = 0; index < 7; index++) await ann.post("/rooms", { name: `room ${index}` })
  })
  afterAll(() => house.stop())

  // biome-ignore lint/suspicious/noExplicitAny: the items' fields are read by assertions.
  async function walk(path: string): Promise<readonly (readonly any[])[]> {
    const pages = []
    for (let next: string | undefined = path; next !== undefined; ) {
      if (pages.length > 20) throw new Error("the list has no end")
      const { status, body, headers } = await ann.get(next)
      expect(status).toBe(200)
      pages.push(body)
      next = /<\/api\/v1(.+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]
    }
    return pages
  }
  const lengths = (pages: readonly (readonly unknown[])[]) => pages.map((page) => page.length)

  test("rooms: newest first, each once", async () => {
    const pages = await walk("/rooms?limit=3")

    expect(lengths(pages)).toEqual([3, 3, 1])
    expect(pages.flat().map((it) => it.name)).toEqual(
      [6, 5, 4, 3, 2, 1, 0].map((it) => `room ${it}`),
    )
  })

  test("rooms: a room that is made meanwhile does not move those that come after", async () => {
    const [first] = [await ann.get("/rooms?limit=3")]
    const { body: late } = await ann.post("/rooms", { name: "late" })
    const next = /<\/api\/v1(.+)>/.exec(first.headers.get("link") ?? "")?.[1] ?? ""

    const names = (await ann.get(next)).body.map((it: { name: string }) => it.name)

    expect(names).toEqual(["room 3", "room 2", "room 1"])
    await ann.delete(`/rooms/${late.id}`)
  })

  test("users: newest first, each once, without the system", async () => {
    const pages = await walk("/users?limit=2")

    expect(lengths(pages)).toEqual([2, 2, 2, 1])
    expect(pages.flat().map((it) => it.username)).toEqual([
      ...people.map((it) => it.name).reverse(),
      "ann",
    ])
  })

  test("users: by the beginning of their names, whose wildcards mean themselves", async () => {
    const names = async (query: string) =>
      (await walk(`/users?limit=2&query=${encodeURIComponent(query)}`)).flat().length

    expect(await names("WALK")).toBe(6)
    expect(await names("alker")).toBe(0)
    expect(await names("walker_")).toBe(0)
    expect(await names("%")).toBe(0)
  })

  test("members: in the order of their accounts, each once, and an empty last page where it fits", async () => {
    const { body: room } = await ann.post("/rooms", { name: "full" })
    for (const it of people.slice(0, 5)) await it.post(`/rooms/${room.id}/join`)

    const pages = await walk(`/rooms/${room.id}/members?limit=2`)

    expect(lengths(pages)).toEqual([2, 2, 2, 0])
    expect(pages.flat().map((it) => it.user.username)).toEqual([
      "ann",
      ...people.slice(0, 5).map((it) => it.name),
    ])
  })

  test("a list has 50 where nothing is said, and at most 200", async () => {
    const answer = await ann.get("/rooms?limit=201")
    expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ path: "limit" }] })
    expect((await ann.get("/rooms?limit=200")).status).toBe(200)

    const { body: room } = await ann.post("/rooms", { name: "crowd" })
    for (let index = 0; index < 51; index++) {
      await ann.post(`/rooms/${room.id}/messages`, { content: `${index}` })
    }
    expect((await ann.get(`/rooms/${room.id}/messages`)).body).toHaveLength(50)
  })

  test("a stranger walks nowhere", async () => {
    for (const path of ["/rooms", "/users"]) {
      expect((await call(house.url, { method: "GET", path })).status).toBe(401)
    }
  })
})
