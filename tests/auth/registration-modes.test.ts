import { afterEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { type Answer, asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { expectProblem } from "../support/scenarios"

describe("who may register", () => {
  const houses: House[] = []
  afterEach(async () => {
    for (const house of houses.splice(0).reverse()) await house.stop()
  })

  /** The same house, where ann has lived since registration was open. */
  async function houseWith(mode: string): Promise<{ house: House; ann: Person }> {
    const open = await openHouse()
    await person(open.url, "ann")
    const house = await openHouse({ path: open.path, env: { CHAT_REGISTRATION: mode } })
    houses.push(open, house)
    const login = { username: "ann", password: PASSWORD }
    const answer = await call(house.url, { method: "POST", path: "/auth/login", body: login })
    return { house, ann: asPerson(house.url, answer) }
  }

  const register = (house: House, username: string, invite_code?: string): Promise<Answer> => {
    const body = { username, password: PASSWORD, invite_code }
    return call(house.url, { method: "POST", path: "/auth/register", body })
  }

  /** A private room of ann's, and a code for it. */
  async function invited(ann: Person, wish: object = {}) {
    const { body: room } = await ann.post("/rooms", { name: "hidden", type: "private" })
    const { body } = await ann.post(`/rooms/${room.id}/invites`, wish)
    return { room, code: body.code as string }
  }

  const usesOf = (house: House, code: string) =>
    house.rows(`select uses from invites where code = '${code}'`)[0]?.uses

  test.each(["open", "invite"])(
    "given %s, an invite into a room makes an account and a member, and is told to the room",
    async (mode) => {
      const { house, ann } = await houseWith(mode)
      const { room, code } = await invited(ann)
      const socket = await listening(ann, room)

      const answer = await register(house, "bob", code)

      expect(answer.status).toBe(200)
      const bob = asPerson(house.url, answer)
      const joined = await socket.next("member.joined")
      expect(joined).toMatchObject({ room_id: room.id, seq: 2 })
      expect(joined.data).toMatchObject({ role: "member", user: { username: "bob" } })
      expect((await bob.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 2, head: 2 })
      expect(usesOf(house, code)).toBe(1)
      const sent = await bob.post(`/rooms/${room.id}/messages`, { content: "hello" })
      expect(sent.status).toBe(200)
    },
  )

  test.each(["open", "invite"])(
    "given %s, a code that is no good is invite_not_found, and no account is made",
    async (mode) => {
      const { house, ann } = await houseWith(mode)
      const { code: usedUp } = await invited(ann, { max_uses: 1 })
      await register(house, "bob", usedUp)
      const soon = new Date(house.clock.now() + 60_000).toISOString()
      const { code: expired } = await invited(ann, { expires_at: soon })
      house.clock.advance(60_000)
      const { room, code: revoked } = await invited(ann)
      await ann.delete(`/rooms/${room.id}/invites/${revoked}`)
      const { room: gone, code: toNowhere } = await invited(ann)
      await ann.delete(`/rooms/${gone.id}`)
      const { room: left, code: toNobody } = await invited(ann)
      await ann.post(`/rooms/${left.id}/leave`)
      const before = house.everything()

      for (const code of ["no-such-code", usedUp, expired, revoked, toNowhere, toNobody]) {
        expectProblem(await register(house, "eve", code), "invite_not_found")
      }

      expect(house.everything()).toEqual(before)
    },
  )

  test("given invite, without a code it is forbidden", async () => {
    const { house } = await houseWith("invite")
    const before = house.everything()

    expectProblem(await register(house, "eve"), "forbidden")

    expect(house.everything()).toEqual(before)
  })

  test("given closed, it is forbidden with a code too, which is not used up", async () => {
    const { house, ann } = await houseWith("closed")
    const { code } = await invited(ann)
    const before = house.everything()

    expectProblem(await register(house, "eve", code), "forbidden")

    expect(house.everything()).toEqual(before)
  })

  test("given invite, a name that is taken is a conflict and uses nothing up", async () => {
    const { house, ann } = await houseWith("invite")
    const { code } = await invited(ann, { max_uses: 1 })
    const before = house.everything()

    expectProblem(await register(house, "ANN", code), "conflict", ["username"])

    expect(house.everything()).toEqual(before)
    expect((await register(house, "bob", code)).status).toBe(200)
  })

  test("given ten come at once with a code that is good for three, then three are in", async () => {
    const { house, ann } = await houseWith("invite")
    const { room, code } = await invited(ann, { max_uses: 3 })
    const names = Array.from({ length: 10 }, (_, n) => `guest${n}`)

    const answers = await Promise.all(names.map((name) => register(house, name, code)))

    const codes = answers.map(({ status, body }) => body.code ?? status).sort()
    expect(codes).toEqual([200, 200, 200, ...Array(7).fill("invite_not_found")])
    expect(usesOf(house, code)).toBe(3)
    expect(house.rows("select * from users where username like 'guest%'")).toHaveLength(3)
    expect((await ann.get(`/rooms/${room.id}/members`)).body).toHaveLength(4)
  })
})
