import type { RoomTruth } from "./check"

/** Seqs of one room as they came live on one connection. */
export interface Stream {
  readonly userId: string
  readonly roomId: string
  readonly node: string
  readonly seqs: readonly number[]
}

/** Messages of one room as one connection of another protocol heard them. */
export interface Stretch {
  readonly protocol: string
  readonly userId: string
  readonly roomId: string
  readonly ids: readonly string[]
  /** Still there when all was over, so the last message is among them. */
  readonly isOpen: boolean
}

/** From when to when somebody who was removed from a room is to hear nothing of it. */
export interface Silence {
  readonly userId: string
  readonly roomId: string
  readonly from: number
  readonly until: number
}

/** A durable change that somebody was told live. */
export interface HeardChange {
  readonly userId: string
  readonly roomId: string
  readonly seq: number
  readonly at: number
}

/** Who is there, as one node says, beside who is. */
export interface PresenceSight {
  /** After what, and who says so. */
  readonly where: string
  readonly there: readonly string[]
  readonly told: readonly string[]
}

/**
 * What comes live on one connection comes once and in order. Nothing is left out but changes of
 * members that were replaced before a node that missed them could read them: those are nowhere.
 */
export function checkStream(
  { userId, roomId, node, seqs }: Stream,
  rooms: readonly RoomTruth[],
): string[] {
  const room = rooms.find((it) => it.roomId === roomId)
  if (room === undefined) return [`${roomId}: user ${userId} heard a room that is not there`]
  const kept = new Set([...room.messages, ...room.members].map(({ seq }) => seq))
  for (const seq of room.roomChanges) kept.add(seq)
  for (const [index, seq] of seqs.entries()) {
    const before = seqs[index - 1]
    if (before === undefined) continue
    let next = before + 1
    while (next < seq && !kept.has(next)) next++
    if (next === seq) continue
    return [`${roomId}: on ${node} user ${userId} was told seq ${seq} right after ${before}`]
  }
  return []
}

/** What was heard on one connection is a piece of the history: nothing missing, twice or moved. */
export function checkStretch(
  { protocol, userId, roomId, ids, isOpen }: Stretch,
  rooms: readonly RoomTruth[],
): string[] {
  const [first] = ids
  if (first === undefined) return []
  const who = `${roomId}: by ${protocol} user ${userId}`
  const history = rooms.find((room) => room.roomId === roomId)?.messages ?? []
  const start = history.findIndex(({ id }) => id === first)
  if (start === -1) return [`${who} heard ${first}, which is not stored`]
  for (const [index, id] of ids.entries()) {
    const stored = history[start + index]
    if (stored?.id === id) continue
    const is = history.find((it) => it.id === id)
    return [`${who} heard seq ${is?.seq ?? "of nothing"} in the place of ${stored?.seq}`]
  }
  if (!isOpen || start + ids.length === history.length) return []
  return [`${who} missed the last ${history.length - start - ids.length}`]
}

/** Nobody hears of a room between being removed from it and being let in again. */
export function checkSilence(
  silences: readonly Silence[],
  heard: readonly HeardChange[],
): string[] {
  const key = ({ userId, roomId }: { readonly userId: string; readonly roomId: string }) =>
    `${roomId} ${userId}`
  const bySilenced = Map.groupBy(silences, key)
  return heard.flatMap((change) => {
    const { userId, roomId, seq, at } = change
    const broken = bySilenced.get(key(change))?.find(({ from, until }) => at > from && at < until)
    if (broken === undefined) return []
    const late = Math.round(at - broken.from)
    return [`${roomId}: user ${userId} heard seq ${seq} ${late} ms after it had to be silent`]
  })
}

/** Everybody who is there is told to be, and nobody else. */
export function checkPresence({ where, there, told }: PresenceSight): string[] {
  return [
    ...there.filter((it) => !told.includes(it)).map((it) => `${where}: ${it} is not seen`),
    ...told.filter((it) => !there.includes(it)).map((it) => `${where}: ${it} is a ghost`),
    ...told.filter((it, index) => told.indexOf(it) < index).map((it) => `${where}: ${it} is twice`),
  ]
}
