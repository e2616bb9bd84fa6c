import type { Actor } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import type { Instant } from "../../protocol/ids"
import type { Store } from "../../store"
import { createKeySource } from "./keys"
import type { ExternalIssuer } from "./settings"
import { createExternalTokens } from "./tokens"
import { createExternalUsers } from "./users"

export interface ExternalDeps {
  readonly settings: ExternalIssuer
  readonly store: Store
  /** Hears why the keys of the app could not be fetched. */
  readonly onTrouble: (error: unknown) => void
  readonly now: () => Instant
  readonly newId: () => string
}

/** An app with users of its own: its tokens say who comes, and each of them is a user here. */
export function createExternal({ settings, store, onTrouble, now, newId }: ExternalDeps) {
  const { issuer, audience, key } = settings
  const keys = createKeySource(key, { now, onTrouble })
  const tokens = createExternalTokens({ issuer, audience, keys, now })
  const users = createExternalUsers({ store, issuer, now, newId })

  /** Errors: `unauthorized`; `overloaded` while the keys that tell cannot be had. */
  async function identify(token: string): Promise<Actor> {
    const claims = await tokens.read(token)
    if (claims === null) {
      throw new ChatError("unauthorized", { detail: "the token is invalid or has expired" })
    }
    const user = await users.findOrMake(claims)
    if (user === null) {
      throw new ChatError("unauthorized", { detail: "this account is disabled or has ended" })
    }
    return { user, via: { type: "external", expiresAt: claims.expiresAt } }
  }

  return { isMeant: tokens.isMeant, identify, forget: users.forget }
}

export type External = ReturnType<typeof createExternal>
