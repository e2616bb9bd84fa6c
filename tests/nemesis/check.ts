import {
  checkPresence,
  checkSilence,
  checkStream,
  checkStretch,
  type HeardChange,
  type PresenceSight,
  type Silence,
  type Stream,
  type Stretch,
} from "./check-live"
import type { SeenMessage } from "./replica"

/** A room as the server has it after all is over. */
export interface RoomTruth {
  readonly roomId: string
  readonly head: number
  /** The history, in the order in which the server tells it. */
  readonly messages: readonly SeenMessage[]
  readonly members: readonly { readonly userId: string; readonly seq: number }[]
  /** Seqs of changes of the room itself. */
  readonly roomChanges: readonly number[]
  /**
   * How many changes of members were made over by a later one of the same member, and so stand in
   * no record any more: as many seqs must be free.
   */
  readonly replaced: number
}

/** A send as its client remembers it. `n` counts the client's own sends. */
export interface Sent {
  readonly n: number
  readonly roomId: string
  readonly clientId: string
  readonly content: string
  /** Null: the server never acknowledged it. */
  readonly acknowledged: { readonly id: string; readonly seq: number } | null
  /** It was refused or given up on, and sent again behind others: its place is anywhere. */
  readonly mayBeLate: boolean
}

/** What one client did and saw. */
export interface ClientStory {
  readonly userId: string
  readonly sent: readonly Sent[]
  /** By room: the history as the client has put it together. */
  readonly seen: ReadonlyMap<string, readonly SeenMessage[]>
}

export interface Join {
  readonly roomId: string
  readonly userId: string
}

export interface Evidence {
  readonly rooms: readonly RoomTruth[]
  readonly clients: readonly ClientStory[]
  /** Joins by REST that were acknowledged. */
  readonly joins: readonly Join[]
  /** What came live, a connection each. */
  readonly streams: readonly Stream[]
  /** What those heard who speak other protocols, a connection each. */
  readonly stretches: readonly Stretch[]
  /** When those who were removed were to hear nothing, and what they heard, whenever it was. */
  readonly silences: readonly Silence[]
  readonly heard: readonly HeardChange[]
  /** What nodes said of who is there, when they had had the time to know. */
  readonly presence: readonly PresenceSight[]
}

const FREE_SHOWN_MAX = 20

/** Everything that was lost, doubled or put out of order, in a sentence each. Empty: nothing. */
export function findLosses(evidence: Evidence): string[] {
  const { rooms, clients, joins } = evidence
  return [
    ...rooms.flatMap(checkSeqs),
    ...rooms.flatMap(checkDoubles),
    ...clients.flatMap((client) => checkSends(client, rooms)),
    ...checkPhantoms(rooms, clients),
    ...clients.flatMap((client) => rooms.flatMap((room) => checkView(client, room))),
    ...joins.flatMap((join) => checkJoin(join, rooms)),
    ...evidence.streams.flatMap((stream) => checkStream(stream, rooms)),
    ...evidence.stretches.flatMap((stretch) => checkStretch(stretch, rooms)),
    ...checkSilence(evidence.silences, evidence.heard),
    ...evidence.presence.flatMap(checkPresence),
  ]
}

/** Every number from 1 to the head is taken by exactly one change. */
function checkSeqs(room: RoomTruth): string[] {
  const { roomId, head, messages, members, roomChanges, replaced } = room
  const times = new Map<number, number>()
  for (const seq of [...messages.map(seqOf), ...members.map(seqOf), ...roomChanges]) {
    times.set(seq, (times.get(seq) ?? 0) + 1)
  }
  const losses: string[] = []
  const free: number[] = []
  for (let seq = 1; seq <= head; seq++) {
    const count = times.get(seq) ?? 0
    if (count > 1) losses.push(`${roomId}: seq ${seq} was given to ${count} changes`)
    if (count === 0) free.push(seq)
    times.delete(seq)
  }
  if (free.length !== replaced) {
    const which = free.slice(0, FREE_SHOWN_MAX).join(", ")
    losses.push(`${roomId}: ${free.length} seqs are no change's (${which}), not ${replaced}`)
  }
  for (const seq of times.keys()) losses.push(`${roomId}: seq ${seq} is beyond the head, ${head}`)
  return losses
}

function checkDoubles({ roomId, messages }: RoomTruth): string[] {
  const ids = messages.map(({ id }) => id)
  const sends = messages.map(({ userId, clientId }) => `${userId} ${clientId}`)
  return [...doublesOf(ids), ...doublesOf(sends)].map((it) => `${roomId}: ${it} is stored twice`)
}

function doublesOf(texts: readonly string[]): string[] {
  const known = new Set<string>()
  return texts.filter((text) => known.size === known.add(text).size)
}

/** What was acknowledged is there as it was sent, and each sender's messages in their order. */
function checkSends({ userId, sent }: ClientStory, rooms: readonly RoomTruth[]): string[] {
  const losses: string[] = []
  for (const { roomId, messages } of rooms) {
    const stored = new Map(
      messages.filter((it) => it.userId === userId).map((it) => [it.clientId, it]),
    )
    let lastSeq = 0
    for (const send of sent.filter((it) => it.roomId === roomId)) {
      const { clientId, content, acknowledged, mayBeLate } = send
      const message = stored.get(clientId)
      if (message === undefined) {
        if (acknowledged !== null)
          losses.push(`${roomId}: ${clientId} was acknowledged and is lost`)
        continue
      }
      if (message.content !== content) losses.push(`${roomId}: ${clientId} has other content`)
      if (acknowledged !== null && acknowledged.id !== message.id) {
        losses.push(`${roomId}: ${clientId} was acknowledged as another message`)
      }
      if (acknowledged !== null && acknowledged.seq !== message.seq) {
        losses.push(`${roomId}: ${clientId} was acknowledged as seq ${acknowledged.seq}`)
      }
      if (mayBeLate) continue
      if (message.seq < lastSeq) losses.push(`${roomId}: ${clientId} has overtaken an earlier one`)
      lastSeq = message.seq
    }
  }
  return losses
}

/** Nothing is there that nobody sent. */
function checkPhantoms(rooms: readonly RoomTruth[], clients: readonly ClientStory[]): string[] {
  const sent = new Set(
    clients.flatMap(({ userId, sent: sends }) =>
      sends.map(({ roomId, clientId }) => `${roomId} ${userId} ${clientId}`),
    ),
  )
  return rooms.flatMap(({ roomId, messages }) =>
    messages
      .filter(({ userId, clientId }) => !sent.has(`${roomId} ${userId} ${clientId}`))
      .map(({ id }) => `${roomId}: nobody sent ${id}`),
  )
}

/** The client has the server's history: the same messages in the same order. */
function checkView({ userId, seen }: ClientStory, { roomId, messages }: RoomTruth): string[] {
  const view = seen.get(roomId) ?? []
  const length = Math.max(view.length, messages.length)
  for (let index = 0; index < length; index++) {
    const mine = view[index]
    const theirs = messages[index]
    const isSame =
      mine?.id === theirs?.id && mine?.seq === theirs?.seq && mine?.content === theirs?.content
    if (isSame) continue
    const [has, is] = [mine, theirs].map((it) => (it === undefined ? "nothing" : `seq ${it.seq}`))
    return [`${roomId}: at place ${index} user ${userId} saw ${has} where the server has ${is}`]
  }
  return []
}

function checkJoin({ roomId, userId }: Join, rooms: readonly RoomTruth[]): string[] {
  const members = rooms.find((room) => room.roomId === roomId)?.members ?? []
  const count = members.filter((member) => member.userId === userId).length
  return count === 1 ? [] : [`${roomId}: user ${userId} joined and is there ${count} times`]
}

const seqOf = ({ seq }: { readonly seq: number }) => seq
