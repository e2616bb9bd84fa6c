import type { Instant } from "../protocol/ids"
import type { Store } from "../store"
import { type AccountsDeps, createAccounts } from "./accounts"
import { createAdministration } from "./administration"
import { type ClaimsDeps, createClaims } from "./claims"
import { createDisabling } from "./disabling"
import { createExternal } from "./external"
import type { ExternalIssuer } from "./external/settings"
import { createHousekeeping } from "./housekeeping"
import { createIdentify } from "./identify"
import { createKeyUse } from "./key-use"
import { createKeys } from "./keys"
import { createOriginCheck } from "./origin"
import { createPasswords, type PasswordCost } from "./passwords"
import { createSessions } from "./sessions"
import { createTokens } from "./tokens"

export interface AuthSettings {
  readonly tokenSecret: Uint8Array
  readonly accessTokenMs: number
  readonly refreshTokenMs: number
  readonly passwordCost: PasswordCost
  readonly registration: AccountsDeps["registration"]
  /** Origins of pages that may use cookies. */
  readonly origins: readonly string[]
  /** The secret of trusted gateways; null: there are none. */
  readonly internalApiKey: string | null
  /** The app whose users come with its own tokens; null: there is none. */
  readonly externalIssuer: ExternalIssuer | null
  readonly trustsClaims: boolean
}

export interface AuthDeps {
  readonly store: Store
  readonly settings: AuthSettings
  /** Log-ins and registrations. */
  readonly attempts: AccountsDeps["attempts"]
  /** Users made by claims. */
  readonly makings: ClaimsDeps["makings"]
  readonly redeemInvite: AccountsDeps["redeemInvite"]
  /** Hears why the keys of the app could not be fetched. */
  readonly onKeyTrouble: (error: unknown) => void
  readonly inBackground: (task: Promise<unknown>, name: string) => void
  readonly now: () => Instant
  readonly newId: () => string
}

/** Who somebody is: all that knows passwords, tokens, sessions and keys, put together. */
export function createAuth(deps: AuthDeps) {
  const { store, settings, inBackground, now, newId } = deps
  const { tokenSecret: secret, accessTokenMs, refreshTokenMs, externalIssuer } = settings
  const tokens = createTokens({ secret, accessTokenMs, now })
  const external =
    externalIssuer === null
      ? null
      : createExternal({
          settings: externalIssuer,
          store,
          onTrouble: deps.onKeyTrouble,
          now,
          newId,
        })
  const { trustsClaims } = settings
  const claims = createClaims({ store, trustsClaims, makings: deps.makings, now, newId })
  const passwords = createPasswords(settings.passwordCost)
  const sessions = createSessions({ store, tokens, refreshTokenMs, now, newId })

  return {
    sessions,
    claims,
    identify: createIdentify({
      store,
      tokens,
      external,
      isAllowedOrigin: createOriginCheck(settings.origins),
      internalApiKey: settings.internalApiKey,
      noteKeyUse: createKeyUse({ store, now, inBackground }),
      now,
    }),
    accounts: createAccounts({
      store,
      sessions,
      claims,
      passwords,
      registration: settings.registration,
      attempts: deps.attempts,
      redeemInvite: deps.redeemInvite,
      now,
      newId,
    }),
    disabling: createDisabling({
      store,
      administration: createAdministration({ store, passwords, now, newId }),
    }),
    keys: createKeys({ store, now, newId }),
    housekeeping: createHousekeeping({ store, now, inBackground }),
  }
}
