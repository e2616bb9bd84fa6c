import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Role, User } from "../../src/protocol/entities"
import { asInviteCode, asRoomId, asUserId } from "../../src/protocol/ids"
import { type Cast, openCast } from "../support/cast"
import type { Answer, Person } from "../support/people"
import {
  IN_A_CONVERSATION,
  IN_A_PRIVATE_ROOM,
  IN_A_PUBLIC_ROOM,
  linesOf,
  REQUESTS,
  WHERE_MEMBERS_CAN_INVITE,
} from "./rights"

/** How an answer is written in the tables. */
const OUTCOMES: Readonly<Record<string, string>> = {
  forbidden: "no",
  room_not_found: "none",
  message_not_found: "gone",
  user_not_found: "absent",
  banned: "banned",
}
const outcomeOf = ({ status, body }: Answer): string =>
  status < 300 ? "yes" : (OUTCOMES[body.code] ?? `${status} ${body.code}`)

interface Place {
  readonly room: string
  readonly code: string
  readonly message: string
  /** Of an owner. */
  readonly others: string
  readonly otherType: string
}

describe("who may do what in a room", () => {
  let cast: Cast
  let actors: Readonly<Record<string, Person>>
  let targets: Readonly<Record<"member" | "moderator" | "owner" | "newcomer", Person>>
  let rooms = 0

  beforeAll(async () => {
    cast = await openCast()
    const { bob, mia, ann, root, eve, moe } = cast
    const [banned, former] = [await cast.stranger(), await cast.stranger()]
    actors = { member: bob, moderator: mia, owner: ann, admin: root, stranger: eve, banned, former }
    const [member, owner, newcomer] = [
      await cast.stranger(),
      await cast.stranger(),
      await cast.stranger(),
    ]
    targets = { member, moderator: moe, owner, newcomer }
  })
  afterAll(() => cast.stop())

  const actorOf = (name: string): Person => actors[name] ?? cast.eve

  const roles = (isDirect: boolean): readonly (readonly [Person, Role])[] =>
    isDirect
      ? [
          [actorOf("member"), "member"],
          [targets.member, "member"],
        ]
      : [
          [actorOf("member"), "member"],
          [actorOf("moderator"), "moderator"],
          [actorOf("owner"), "owner"],
          [targets.member, "member"],
          [targets.moderator, "moderator"],
          [targets.owner, "owner"],
          [actorOf("former"), "member"],
        ]

  /** Straight into the store: what a place is like is given here, not what is asked. */
  async function placeOf(
    type: "public" | "private" | "direct",
    membersCanInvite = false,
  ): Promise<Place> {
    const { store, clock } = cast
    const id = asRoomId(`room-${++rooms}`)
    const code = asInviteCode(`code-${rooms}`)
    const now = clock.now()
    await store.write(function* () {
      function* find(somebody: Person) {
        const user: User | null = yield* store.users.find(asUserId(somebody.id))
        if (user === null) throw new Error(`${somebody.name} is nobody`)
        return user
      }
      const by = (yield* find(actorOf("owner"))).numericId
      const limits = { maxUsers: 0, membersCanInvite: false }
      const wish = { id, name: "general", type, topic: null, ...limits, createdBy: by }
      const more = { createdAt: now, epoch: "epoch", directKey: null, isBlocked: false }
      const room = yield* store.rooms.insert({ ...wish, ...more })
      for (const [somebody, role] of roles(type === "direct")) {
        const seq = yield* store.rooms.takeSeq(room)
        yield* store.members.put({ room, user: yield* find(somebody), role, seq, now })
        yield* store.rooms.addToMemberCount(room, 1)
      }
      if (type !== "direct") {
        const seq = yield* store.rooms.takeSeq(room)
        const gone = (yield* find(actorOf("former"))).numericId
        yield* store.members.end({ room, user: gone, seq, now })
        yield* store.rooms.addToMemberCount(room, -1)
        const banned = (yield* find(actorOf("banned"))).numericId
        yield* store.bans.put({ room, user: banned, by, reason: null, until: null, now })
      }
      const invite = { code, room, createdBy: by, createdAt: now, expiresAt: null, usesMax: null }
      yield* store.invites.insert(invite)
      if (membersCanInvite) {
        const seq = yield* store.rooms.takeSeq(room)
        const name = { name: "general", topic: null, maxUsers: 0 }
        const kind = type === "direct" ? "private" : type
        yield* store.rooms.update(room, { ...name, type: kind, membersCanInvite, seq, now })
      }
      return { result: undefined, events: [] }
    })
    const message = await actorOf("member").post(`/rooms/${id}/messages`, { content: "hello" })
    const otherType = type === "public" ? "private" : "public"
    const others =
      type === "direct"
        ? message
        : await actorOf("owner").post(`/rooms/${id}/messages`, { content: "hello too" })
    return { room: id, code, message: message.body.id, others: others.body.id, otherType }
  }

  async function ask(what: string, who: string, place: Place): Promise<string> {
    const [method, template, content] = REQUESTS[what] ?? ["get", "/nowhere"]
    const oneself = actorOf(who)
    const people = { ...targets, oneself, banned: actorOf("banned") }
    const names = {
      ...place,
      ...Object.fromEntries(Object.entries(people).map(([name, { id }]) => [name, id])),
    }
    const path = template.replace(
      /:(\w+)/g,
      (whole, name: keyof typeof names) => names[name] ?? whole,
    )
    const text = JSON.stringify(content)?.replace(":other-type", place.otherType)
    const body: unknown = text === undefined ? undefined : JSON.parse(text)
    return outcomeOf(await oneself[method](path, body))
  }

  /**
   * All of a line's refusals in one room, which they must leave as it is. Who reads changes nothing
   * that others are answered; of what else is done, each has a room of its own.
   */
  async function lineOf(
    what: string,
    expected: Readonly<Record<string, string>>,
    makePlace: () => Promise<Place>,
  ): Promise<Readonly<Record<string, string>>> {
    const outcomes: Record<string, string> = {}
    const isRead = REQUESTS[what]?.[0] === "get"
    const place = await makePlace()
    const before = cast.everything()
    for (const [who, outcome] of Object.entries(expected)) {
      if (outcome !== "yes") outcomes[who] = await ask(what, who, place)
    }
    expect(cast.everything()).toEqual(before)
    for (const [who, outcome] of Object.entries(expected)) {
      if (outcome === "yes")
        outcomes[who] = await ask(what, who, isRead ? place : await makePlace())
    }
    return outcomes
  }

  describe.each([
    ["in a public room", IN_A_PUBLIC_ROOM, () => placeOf("public")],
    ["in a private room", IN_A_PRIVATE_ROOM, () => placeOf("private")],
    [
      "in a private room whose members can invite",
      WHERE_MEMBERS_CAN_INVITE,
      () => placeOf("private", true),
    ],
    ["in a conversation", IN_A_CONVERSATION, () => placeOf("direct")],
  ] as const)("%s", (_where, table, makePlace) => {
    test.each([...linesOf(table)])("%s", async (what, expected) => {
      expect(await lineOf(what, expected, makePlace)).toEqual(expected)
    })
  })

  test("every line of the tables is asked, and every request stands in the tables of rooms", () => {
    const linesIn = (...tables: readonly string[]) =>
      tables.flatMap((table) => linesOf(table).map(([what]) => what))
    const open = linesIn(IN_A_PUBLIC_ROOM)

    expect(linesIn(IN_A_PRIVATE_ROOM)).toEqual(open)
    for (const what of linesIn(IN_A_CONVERSATION)) expect(open).toContain(what)
    expect(new Set(linesIn(IN_A_PUBLIC_ROOM, WHERE_MEMBERS_CAN_INVITE))).toEqual(
      new Set(Object.keys(REQUESTS)),
    )
  })
})
