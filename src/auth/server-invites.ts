import type { Invite } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { type Instant, type InviteCode, SYSTEM_NUMERIC_ID } from "../protocol/ids"
import type { Store } from "../store"
import { newInviteCode } from "./secrets"

export interface ServerInvitesDeps {
  readonly store: Store
  readonly now: () => Instant
}

export interface ServerInviteWish {
  /** Null: it is good for ever. */
  readonly expiresAt: Instant | null
  /** Null: as often as one likes. */
  readonly usesMax: number | null
}

const LISTED_MAX = 10_000

/**
 * Invites to the server, into no room: how the first ones get in where registration is for the
 * invited. For those who run the server; members invite into their rooms (core/invites.ts).
 */
export function createServerInvites({ store, now }: ServerInvitesDeps) {
  const addInvite = (wish: ServerInviteWish): Promise<Invite> =>
    store.write(function* () {
      yield* store.invites.clearSpent(null, now())
      const code = newInviteCode()
      const invite = { ...wish, code, room: null, createdBy: SYSTEM_NUMERIC_ID, createdAt: now() }
      return { result: yield* store.invites.insert(invite), events: [] }
    })

  /** Those that are good, newest first. */
  const listInvites = (): Promise<readonly Invite[]> =>
    store.read(store.invites.list(null, now(), LISTED_MAX))

  /** Errors: `invite_not_found`, for those into rooms too. */
  const revokeInvite = (code: InviteCode): Promise<void> =>
    store.write(function* () {
      if (!(yield* store.invites.revoke(null, code))) throw new ChatError("invite_not_found")
      return { result: undefined, events: [] }
    })

  return { addInvite, listInvites, revokeInvite }
}

export type ServerInvites = ReturnType<typeof createServerInvites>
