import type { ParleyError } from "../../client/error"
import { isMuted } from "../state/rights"
import type { RoomFrame } from "../state/room-frame"

/** Why nothing can be written in a room just now. */
export type WriteBar =
  | { readonly reason: "banned" | "gone" | "blocked" }
  | { readonly reason: "muted"; readonly until: string }

interface WriteQuestion {
  readonly view: RoomFrame | null
  readonly trouble: ParleyError | null
  /** Whom I have blocked. */
  readonly blocked: ReadonlySet<string>
  readonly now: number
}

/** Null: one may write, as far as this page knows; the server knows better. */
export function writeBar({ view, trouble, blocked, now }: WriteQuestion): WriteBar | null {
  if (trouble?.code === "banned") return { reason: "banned" }
  if (trouble?.code === "room_not_found") return { reason: "gone" }
  if (view === null) return null
  const { membership } = view
  if (isMuted(membership, now)) return { reason: "muted", until: membership.muted_until }
  const [other, ...others] = view.people
  if (view.room.type === "direct" && other !== undefined && others.length === 0) {
    if (blocked.has(other.id)) return { reason: "blocked" }
  }
  return null
}
