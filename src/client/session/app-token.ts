import type { ClientOptions, Me } from "../client"
import type { Clock } from "../clock"
import { codeOf, ParleyError } from "../error"
import { createLive } from "../live"
import type { Exchange } from "../rest/exchange"
import { createRest } from "../rest/rest"
import { having } from "../shape"
import type { Storage } from "../storage/storage"
import { asCredential, type Credential, renewalTime } from "./credentials"
import type { Identity, OnEnded } from "./identity"
import { signedOut } from "./session"

export interface AppTokenDeps {
  readonly token: NonNullable<ClientOptions["token"]>
  readonly exchange: Exchange
  readonly storage: Storage
  readonly clock: Clock
  readonly onEnded: OnEnded
}

const ME = having<Me>("id", "username")

/**
 * An account by a token of the app's own, or by a key. The app is asked for another one when it
 * has expired or is refused; it is kept nowhere, but whose it is, so that the rest can be kept.
 */
export function createAppToken(deps: AppTokenDeps): Identity {
  const { token, exchange, storage, clock, onEnded } = deps
  const me = createLive<Me | null>(null)
  let held: Credential | null = null
  let asking: Promise<Credential> | null = null

  function askForToken(): Promise<Credential> {
    asking ??= (async () => {
      try {
        held = asCredential(typeof token === "string" ? token : await token())
        return held
      } finally {
        asking = null
      }
    })()
    return asking
  }

  const current = async (): Promise<Credential> =>
    held !== null && clock.now() < renewalTime(held) ? held : askForToken()

  async function renew(refused: Credential): Promise<Credential> {
    const next = held?.secret === refused.secret ? await askForToken() : await current()
    if (next.secret !== refused.secret) return next
    const error = signedOut("the server refuses the token, and there is no other one")
    me.set(null)
    onEnded(error)
    throw error
  }

  const rest = createRest(exchange, { current, renew })

  async function keep(user: Me): Promise<void> {
    const before = await storage.readSession()
    if (before?.user.id !== user.id) await storage.clear()
    await storage.writeSession({ user, accessToken: "", refreshToken: "", expiresAt: 0 })
  }

  return {
    me,
    current,
    renew,
    async restore() {
      try {
        const user = await rest.get("/users/me", ME)
        await keep(user)
        me.set(user)
      } catch (error) {
        if (codeOf(error) !== "offline") throw error
        // Whose token it is may be known from before.
        me.set((await storage.readSession())?.user ?? null)
      }
      return me.value
    },
    register: refuse,
    login: refuse,
    async logout() {
      held = null
      await storage.clear()
      me.set(null)
    },
    async noteMe(user) {
      if (me.value?.id !== user.id) return
      await keep(user)
      me.set(user)
    },
  }
}

const refuse = async (): Promise<never> => {
  throw new ParleyError("forbidden", "this client comes by a token of the app's own")
}
