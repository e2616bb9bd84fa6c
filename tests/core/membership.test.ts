import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Actor, Member, Role } from "../../src/protocol/entities"
import { ChatError } from "../../src/protocol/errors"
import type { BusMessage } from "../../src/protocol/events"
import type { RoomId, Seq } from "../../src/protocol/ids"
import { draft, openChat, type TestChat } from "../support/chat"
import { isOnPostgres } from "../support/databases"

const NAMES = ["ann", "bob", "cleo", "dan", "root"] as const

const act = fc.record({
  kind: fc.constantFrom(
    ...(["join", "join", "leave", "leave", "say", "add", "add", "role", "remove", "ban"] as const),
    ...(["unban", "mute", "unmute", "invite", "hide", "show", "rename", "delete room"] as const),
    "end account" as const,
  ),
  who: fc.nat(NAMES.length - 1),
  whom: fc.nat(NAMES.length - 1),
  role: fc.constantFrom<Role>("member", "moderator", "owner"),
  isBrief: fc.boolean(),
})
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

/** Does what the act says. Refusals are part of the game; anything else that is thrown is not. */
async function perform(
  { chat, now }: TestChat,
  id: RoomId,
  { kind, role, isBrief }: Act,
  { actor, target }: { readonly actor: Actor; readonly target: Actor },
): Promise<void> {
  const whom = target.user.id
  const sanction = { until: isBrief ? now() + 20 : null, reason: null }
  const acts: Record<Act["kind"], () => Promise<unknown>> = {
    join: () => chat.members.joinRoom(actor, id),
    leave: () => chat.members.leaveRoom(actor, id),
    say: () => chat.messages.sendMessage(actor, draft(id)),
    add: () => chat.members.putMember(actor, id, { userId: whom, role: undefined }),
    role: () => chat.members.putMember(actor, id, { userId: whom, role }),
    remove: () => chat.members.removeMember(actor, id, whom),
    ban: () => chat.moderation.banUser(actor, id, whom, sanction),
    unban: () => chat.moderation.unbanUser(actor, id, whom),
    mute: () => chat.moderation.muteUser(actor, id, whom, sanction),
    unmute: () => chat.moderation.unmuteUser(actor, id, whom),
    invite: async () => {
      const wish = { expiresAt: null, usesMax: 1 }
      const { code } = await chat.invites.createInvite(actor, id, wish)
      await chat.invites.acceptInvite(target, code)
    },
    hide: () => chat.rooms.updateRoom(actor, id, { type: "private" }),
    show: () => chat.rooms.updateRoom(actor, id, { type: "public" }),
    rename: () => chat.users.updateProfile(actor, { displayName: `renamed ${now()}` }),
    "delete room": () => chat.rooms.deleteRoom(actor, id),
    "end account": () => chat.users.deleteAccount(actor),
  }
  try {
    await acts[kind]()
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
  }
}

/** A member as others see it. */
const seen = ({ user, role, mutedUntil, joinedAt, changedSeq }: Member) => ({
  id: user.id,
  name: user.username,
  shown: user.displayName,
  role,
  mutedUntil,
  joinedAt,
  changedSeq,
})
type SeenMember = ReturnType<typeof seen>

async function membersOf({ store }: TestChat, id: RoomId): Promise<readonly Member[]> {
  return await store.read(
    (function* () {
      const room = yield* store.rooms.find(id)
      return room === null ? [] : yield* store.members.list(room.numericId, -1, 100)
    })(),
  )
}

/** What a client knows that knew `known` and is told of changes, live or when it comes back. */
function afterwards(known: readonly SeenMember[], changes: readonly Member[]): SeenMember[] {
  const members = new Map(known.map((member) => [member.id, member]))
  for (const member of changes) {
    if (member.leftAt !== null) members.delete(member.user.id)
    else members.set(member.user.id, seen(member))
  }
  return [...members.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

const changesSince = ({ store }: TestChat, id: RoomId, since: Seq): Promise<readonly Member[]> =>
  store.read(
    (function* () {
      const room = yield* store.rooms.find(id)
      return room === null ? [] : yield* store.members.changedSince(room.numericId, since, 1000)
    })(),
  )

const liveChanges = (told: readonly BusMessage[]): readonly Member[] =>
  told.flatMap((it) => ("member" in it ? [it.member] : []))

describe("membership", () => {
  test.each(["public", "private"] as const)(
    "whatever anybody does to a %s room, its counts, owners, seqs and changes agree",
    async (type) => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
          const house = await openChat()
          const { store, told } = house
          const people: Actor[] = []
          for (const name of NAMES) {
            people.push(await house.person(name, name === "root" ? "admin" : "user"))
          }
          const [ann, bob, cleo] = people as [Actor, Actor, Actor]
          const id = await house.room(ann, [bob, cleo], type)
          let head = 3
          let known = afterwards([], await membersOf(house, id))
          const knownAt = new Map<Seq, readonly SeenMember[]>([[head, known]])

          for (const step of acts) {
            const actor = people[step.who] ?? ann
            const target = people[step.whom] ?? ann
            told.length = 0
            await perform(house, id, step, { actor, target })

            const seqs = told.flatMap((it) => ("seq" in it && it.type !== "read" ? [it.seq] : []))
            expect(seqs).toEqual(seqs.map((_, index) => head + 1 + index))
            head += seqs.length
            const room = await store.read(store.rooms.find(id))
            if (room?.deletedAt !== null) {
              expect(room?.head).toBe(head)
              continue
            }
            const members = await membersOf(house, id)
            expect(room).toMatchObject({ head, memberCount: members.length })
            const owners = members.filter(({ role }) => role === "owner")
            expect(owners.length > 0).toBe(members.length > 0)
            expect(room.archivedAt !== null).toBe(members.length === 0 && room.type === "private")
            expect(members.filter(({ user }) => user.username.startsWith("deleted"))).toEqual([])
            known = afterwards(known, liveChanges(told))
            expect(known).toEqual(afterwards([], members))
            knownAt.set(head, known)
          }

          // A deleted room tells nobody any more, not even that a member took another name.
          const isGone = (await store.read(store.rooms.find(id)))?.deletedAt !== null
          for (const [since, knownThen] of isGone ? [] : knownAt) {
            expect(afterwards(knownThen, await changesSince(house, id, since))).toEqual(known)
          }
          await house.close()
        }),
        // The rules are the same on either database, and each step takes longer on PostgreSQL.
        { numRuns: isOnPostgres ? 10 : 40 },
      )
    },
    30_000,
  )
})
