import type { Presence } from "../../client/client"
import type { ApiMember, ApiProfile } from "../../protocol/answers"
import { personName } from "../state/names"

export interface MemberGroup {
  readonly id: "owner" | "moderator" | "online" | "offline"
  readonly members: readonly ApiMember[]
}

type Presences = ReadonlyMap<string, Presence>

/**
 * Members as people look for them: who runs the room first, then who is here, then all others,
 * each by name. Groups without anybody are left out.
 */
export function groupMembers(
  members: Iterable<ApiMember>,
  { presence, query }: { readonly presence: Presences; readonly query: string },
): readonly MemberGroup[] {
  const groups: Record<"owner" | "moderator" | "online" | "offline", ApiMember[]> = {
    owner: [],
    moderator: [],
    online: [],
    offline: [],
  }
  const wanted = fold(query)
  for (const member of members) {
    if (member.left_at !== null || !isWanted(member.user, wanted)) continue
    groups[groupOf(member, presence)].push(member)
  }
  return (["owner", "moderator", "online", "offline"] as const)
    .map((id) => ({ id, members: groups[id].sort(byName) }))
    .filter((group) => group.members.length > 0)
}

function groupOf({ role, user_id }: ApiMember, presence: Presences) {
  if (role !== "member") return role
  const status = presence.get(user_id)?.status ?? "offline"
  return status === "offline" ? "offline" : "online"
}

/** By the beginning of any word of the name, or anywhere in the username. */
function isWanted(user: ApiProfile, wanted: string): boolean {
  if (wanted === "") return true
  const words = fold(personName(user)).split(/\s+/)
  return (
    fold(user.username).includes(wanted) ||
    fold(personName(user)).startsWith(wanted) ||
    words.some((word) => word.startsWith(wanted))
  )
}

const fold = (text: string): string =>
  text
    .trim()
    .replace(/^@/, "")
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()

const names = new Intl.Collator(undefined, { sensitivity: "base", numeric: true })

const byName = (a: ApiMember, b: ApiMember): number =>
  names.compare(personName(a.user), personName(b.user)) || (a.user_id < b.user_id ? -1 : 1)

export const ownersAmong = (members: Iterable<ApiMember>): number =>
  [...members].filter(({ role, left_at }) => role === "owner" && left_at === null).length
