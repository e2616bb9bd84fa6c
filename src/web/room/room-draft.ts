import type { ApiRoom } from "../../protocol/answers"

/** What of a room is being changed, as its form has it. */
export interface RoomDraft {
  readonly name: string
  readonly topic: string
  readonly isPublic: boolean
  /** As it was typed. */
  readonly capacity: string
  readonly membersCanInvite: boolean
}

type Settable = Pick<ApiRoom, "name" | "topic" | "type" | "max_users" | "members_can_invite">

export interface RoomChange {
  readonly name?: string
  readonly topic?: string | null
  readonly type?: "public" | "private"
  readonly max_users?: number
  readonly members_can_invite?: boolean
}

export const CAPACITY_MAX = 100_000

export const draftOf = (room: Settable): RoomDraft => ({
  name: room.name,
  topic: room.topic ?? "",
  isPublic: room.type === "public",
  capacity: String(room.max_users),
  membersCanInvite: room.members_can_invite,
})

/** Which fields can't be as they are. */
export function problemsOf(draft: RoomDraft): readonly ("name" | "capacity")[] {
  const problems: ("name" | "capacity")[] = []
  if (draft.name.trim() === "") problems.push("name")
  if (!/^\d{1,6}$/.test(draft.capacity.trim()) || Number(draft.capacity) > CAPACITY_MAX)
    problems.push("capacity")
  return problems
}

/**
 * What is different from the room, and nothing else: whoever changes something else of it meanwhile
 * is not overruled. Null: nothing. Only for a draft without problems.
 */
export function changeOf(draft: RoomDraft, room: Settable): RoomChange | null {
  const topic = draft.topic.trim()
  const capacity = Number(draft.capacity)
  const type = draft.isPublic ? "public" : "private"
  const change: RoomChange = {
    ...(draft.name.trim() === room.name ? {} : { name: draft.name.trim() }),
    ...(topic === (room.topic ?? "") ? {} : { topic: topic === "" ? null : topic }),
    ...(type === room.type ? {} : { type }),
    ...(capacity === room.max_users ? {} : { max_users: capacity }),
    ...(draft.membersCanInvite === room.members_can_invite
      ? {}
      : { members_can_invite: draft.membersCanInvite }),
  }
  return Object.keys(change).length === 0 ? null : change
}
