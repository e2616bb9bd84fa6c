import type {
  ApiConversation,
  ApiMember,
  ApiMessage,
  ApiProfile,
  ApiReadMark,
  ApiRoom,
  ApiUnread,
} from "../../protocol/answers"
import type { RoomView, Typist } from "../client"
import type { RoomChange } from "./feed"
import { inserted, isSameProfile, type Messages, replaced, withProfile } from "./messages-in-order"
import {
  countedByServer,
  countsOf,
  heardMessage,
  inDoubt,
  nothingUnread,
  readUpTo,
  type UnreadCount,
} from "./unread-count"

/** What is known of a room. A value: each change makes another one. */
export interface RoomState {
  readonly room: ApiRoom
  readonly people: readonly ApiProfile[]
  readonly isMember: boolean
  readonly membership: ApiMember | null
  readonly lastMessage: ApiMessage | null
  readonly unread: UnreadCount
  readonly members: ReadonlyMap<string, ApiMember>
  /** Null: nobody has asked. */
  readonly reads: readonly ApiReadMark[] | null
  /** The newest messages, without a hole up to now; at most `TAIL_MAX`. */
  readonly tail: Messages
}

/** So many of the newest messages are kept of a room: that much can be read without a server. */
export const TAIL_MAX = 100

const NOBODY: readonly ApiProfile[] = []

/** A room that was heard of as it is now. */
export function newRoomState(
  room: ApiRoom | ApiConversation,
  { me, isMember }: { readonly me: string; readonly isMember: boolean },
): RoomState {
  const { users, ...bare } = "users" in room ? room : { ...room, users: NOBODY }
  return {
    room: bare,
    people: users.filter(({ id }) => id !== me),
    isMember,
    membership: null,
    lastMessage: null,
    unread: nothingUnread(0),
    members: new Map(),
    reads: null,
    tail: [],
  }
}

/** The state after a change. Changes come in the order of their seqs, each once. */
export function changed(state: RoomState, change: RoomChange, me: string): RoomState {
  const known = { ...state, room: { ...state.room, head: Math.max(state.room.head, change.seq) } }
  const { type, data } = change
  if ("content" in data) return withMessage(known, data, me)
  if ("left_at" in data) return withMember(countingMembers(known, type, data), data, me)
  return { ...known, room: { ...data, head: known.room.head } }
}

function withMessage(state: RoomState, message: ApiMessage, me: string): RoomState {
  const last = state.lastMessage
  // An old one that has changed is not the last, where none is known yet.
  const isLast = last === null ? message.changed_seq === message.seq : message.seq >= last.seq
  return {
    ...state,
    lastMessage: isLast ? message : last,
    unread: state.isMember ? heardMessage(state.unread, message, me) : state.unread,
    tail: tailWith(state.tail, message, last),
  }
}

/** A new message goes on with the tail where nothing is missed between the two. */
function tailWith(tail: Messages, message: ApiMessage, last: ApiMessage | null): Messages {
  const [first] = tail
  if (first === undefined) {
    const isNewest = last === null ? message.changed_seq === message.seq : message.seq >= last.seq
    return isNewest ? [message] : tail
  }
  if (message.seq < first.seq) return tail
  return cutTail(inserted(tail, message))
}

export const cutTail = (messages: Messages): Messages =>
  messages.length > TAIL_MAX ? messages.slice(-TAIL_MAX) : messages

function countingMembers(state: RoomState, type: RoomChange["type"], member: ApiMember): RoomState {
  const by = type === "member.joined" ? 1 : type === "member.left" ? -1 : 0
  if (by === 0) return state
  const isKnown = state.members.has(member.user_id)
  // Told as joined who was there already, or as left who was not: nothing to count.
  if (by === 1 && isKnown) return state
  const member_count = Math.max(0, state.room.member_count + by)
  return { ...state, room: { ...state.room, member_count } }
}

/** A member as they are now, with the name that they have now wherever it is shown. */
export function withMember(state: RoomState, member: ApiMember, me: string): RoomState {
  const known = state.members.get(member.user_id)
  if (known !== undefined && known.changed_seq > member.changed_seq) return state
  const members = new Map(state.members)
  if (member.left_at === null) members.set(member.user_id, member)
  else members.delete(member.user_id)
  const isMe = member.user_id === me
  const next: RoomState = {
    ...state,
    members,
    ...(isMe
      ? { membership: member.left_at === null ? member : null, isMember: member.left_at === null }
      : {}),
  }
  return known !== undefined && isSameProfile(known.user, member.user)
    ? next
    : withName(next, member.user)
}

function withName(state: RoomState, profile: ApiProfile): RoomState {
  const { people, tail, lastMessage } = state
  const isStale = (it: ApiProfile) => it.id === profile.id && !isSameProfile(it, profile)
  return {
    ...state,
    people: people.some(isStale) ? people.map((it) => (isStale(it) ? profile : it)) : people,
    tail: withProfile(tail, profile),
    lastMessage: lastMessage === null ? null : (withProfile([lastMessage], profile)[0] ?? null),
  }
}

/** Members of a list; what was heard of them later stays. */
export function withMembers(state: RoomState, listed: readonly ApiMember[], me: string): RoomState {
  const members = new Map(state.members)
  for (const member of listed) {
    const known = members.get(member.user_id)
    if (known === undefined || known.changed_seq <= member.changed_seq) {
      members.set(member.user_id, member)
    }
  }
  return { ...state, members, membership: members.get(me) ?? state.membership }
}

/** Somebody has read up to there. */
export function withRead(state: RoomState, mark: ApiReadMark, me: string): RoomState {
  const reads = state.reads === null ? null : movedMark(state.reads, mark)
  if (mark.user_id !== me) return reads === state.reads ? state : { ...state, reads }
  return { ...state, reads, unread: readUpTo(state.unread, mark.seq, { newest: state.tail, me }) }
}

function movedMark(reads: readonly ApiReadMark[], mark: ApiReadMark): readonly ApiReadMark[] {
  const place = reads.findIndex(({ user_id }) => user_id === mark.user_id)
  const known = reads[place]
  if (known === undefined) return [...reads, mark]
  return known.seq >= mark.seq ? reads : reads.with(place, mark)
}

/** Marks of a list; those that were heard to move meanwhile stay where they are. */
export function withReads(state: RoomState, listed: readonly ApiReadMark[]): RoomState {
  return { ...state, reads: (state.reads ?? []).reduce(movedMark, listed) }
}

export const withUnread = (state: RoomState, told: ApiUnread): RoomState => ({
  ...state,
  unread: countedByServer(state.unread, told),
})

/** A longer tail, as it was read from the history. */
export function withTail(state: RoomState, newest: Messages): RoomState {
  const last = newest.at(-1) ?? null
  const isLater = last !== null && last.seq >= (state.lastMessage?.seq ?? 0)
  return { ...state, tail: cutTail(newest), lastMessage: isLater ? last : state.lastMessage }
}

/** The newest message alone, which history was asked for. */
export function withLastMessage(state: RoomState, message: ApiMessage): RoomState {
  const last = state.lastMessage
  if (last !== null && last.seq >= message.seq) {
    return { ...state, lastMessage: replaced([last], message)[0] ?? last }
  }
  return { ...state, lastMessage: message }
}

/** The history is another one: nothing of what was known goes on. */
export function startedAfresh(
  { people, isMember, membership, unread }: RoomState,
  room: ApiRoom,
  newest: Messages,
): RoomState {
  return {
    room,
    people,
    isMember,
    membership,
    lastMessage: newest.at(-1) ?? null,
    unread: inDoubt({ ...unread, countedTo: room.head, heard: [] }),
    members: new Map(),
    reads: null,
    tail: cutTail(newest),
  }
}

/** As a list of rooms shows it. */
export function viewOf(state: RoomState, typing: readonly Typist[]): RoomView {
  const { room, people, membership, lastMessage, unread } = state
  const { lastReadSeq } = unread
  return { room, people, membership, lastMessage, ...countsOf(unread), lastReadSeq, typing }
}
