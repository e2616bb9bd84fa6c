import type { Profile, Room } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { asRoomId, asUserId, type RoomId } from "../../src/protocol/ids"
import type { SendReceipt } from "../../src/protocol/replies"
import { type Append, createStore, type Script, type Written } from "../../src/store"
import type { TestGround } from "./both-databases"

/** Rules as few as there can be over a store: who sends is a member, and is made one. */
export async function openNode(
  ground: Pick<TestGround, "open">,
  options: Partial<Parameters<TestGround["open"]>[0]> = {},
) {
  const told: BusMessage[] = []
  const batches: number[] = []
  const troubles: unknown[] = []
  const store = createStore(
    await ground.open({
      publish: (message) => {
        told.push(message)
        return undefined
      },
      onBatch: (size) => batches.push(size),
      onTrouble: (error) => troubles.push(error),
      ...options,
    }),
  )

  function* enter(room: Room, user: Profile): Script<Written<number>> {
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const member = yield* store.members.put({
      room: room.numericId,
      user,
      role: "member",
      seq,
      now: 1,
    })
    return { result: seq, events: [{ type: "member.joined", room, seq, member }] }
  }

  function* sendWithCare({ draft, author, createdAt, announce }: Append) {
    const room = yield* store.rooms.find(draft.roomId)
    if (room === null) throw new Error(`there is no room ${draft.roomId}`)
    const sent =
      draft.clientId === null
        ? null
        : yield* store.messages.findByClientId(room.numericId, author.numericId, draft.clientId)
    if (sent !== null) return { result: receipt(sent, true), events: [] }
    const member = yield* store.members.find(room.numericId, author.numericId)
    const joined = member?.leftAt === null ? [] : (yield* enter(room, author)).events
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const message = yield* store.messages.insert({
      room: room.numericId,
      seq,
      author,
      draft,
      extras: null,
      createdAt,
    })
    return { result: receipt(message, false), events: [...joined, announce(room, message)] }
  }

  return {
    store,
    told,
    batches,
    troubles,
    /** What was told of the room, as seqs. */
    seqsOf: (id: RoomId) =>
      told.flatMap((it) => ("seq" in it && it.room.id === id ? [it.seq] : [])),
    person: (username: string): Promise<Profile> =>
      store.write(function* () {
        const result = yield* store.users.insert({
          id: asUserId(Bun.randomUUIDv7()),
          username,
          displayName: null,
          email: null,
          passwordHash: null,
          createdAt: 1,
        })
        return { result, events: [] }
      }),
    room: (id: string, members: readonly Profile[] = []): Promise<RoomId> =>
      store.write(function* () {
        const numericId = yield* store.rooms.insert({ ...NEW_ROOM, id: asRoomId(id) })
        const room = yield* store.rooms.mustFind(numericId)
        const events: BusMessage[] = []
        for (const member of members) events.push(...(yield* enter(room, member)).events)
        return { result: room.id, events }
      }),
    /** Takes a seq and nothing else, as a change of the room would. */
    touch: (id: RoomId): Promise<number> =>
      store.write(function* () {
        const room = yield* store.rooms.find(id)
        if (room === null) throw new Error(`there is no room ${id}`)
        const seq = yield* store.rooms.takeSeq(room.numericId)
        return { result: seq, events: [{ type: "room.updated", room, seq, userCount: 0 }] }
      }),
    leave: (id: RoomId, user: Profile): Promise<number> =>
      store.write(function* () {
        const room = yield* store.rooms.find(id)
        if (room === null) throw new Error(`there is no room ${id}`)
        const member = yield* store.members.find(room.numericId, user.numericId)
        if (member?.leftAt !== null) return { result: 0, events: [] }
        const seq = yield* store.rooms.takeSeq(room.numericId)
        yield* store.members.end({ room: room.numericId, user: user.numericId, seq, now: 1 })
        return { result: seq, events: [{ type: "room.updated", room, seq, userCount: 0 }] }
      }),
    send(room: RoomId, author: Profile, clientId: string | null, content = "hello") {
      const append: Append = {
        draft: { roomId: room, content, clientId, type: "text", metadata: null },
        author,
        createdAt: 1,
        permits: (_room, member) => member.leftAt === null,
        announce: (it, message) => ({
          type: "message.created",
          room: it,
          seq: message.seq,
          message,
        }),
        otherwise: () => sendWithCare(append),
      }
      return store.append(append)
    },
  }
}

export type TestNode = Awaited<ReturnType<typeof openNode>>

const receipt = (message: SendReceipt["message"], duplicate: boolean): SendReceipt => ({
  type: "sent",
  message,
  duplicate,
})

const NEW_ROOM = {
  name: "hall",
  type: "public",
  topic: null,
  maxUsers: 0,
  membersCanInvite: false,
  createdBy: null,
  createdAt: 1,
  epoch: "epoch",
  directKey: null,
  isBlocked: false,
} as const
