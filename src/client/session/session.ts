import type { ApiTokens } from "../../protocol/answers"
import type { Login, Me, NewAccount } from "../client"
import type { Clock } from "../clock"
import { ParleyError } from "../error"
import { createLive } from "../live"
import type { Call, Exchange } from "../rest/exchange"
import { checked } from "../rest/rest"
import { having } from "../shape"
import type { Storage, StoredSession } from "../storage/storage"
import { type Credential, renewalTime } from "./credentials"
import type { Identity, OnEnded } from "./identity"

export interface SessionDeps {
  readonly exchange: Exchange
  readonly storage: Storage
  readonly clock: Clock
  readonly onEnded: OnEnded
}

/** Whoever writes the session holds this: a refresh token that is used twice ends the session. */
const LOCK = "refresh"

const TOKENS = having<ApiTokens>("access_token", "expires_in", "refresh_token", "user")

/** With these the server says that a refresh token is of no use; all else may pass. */
const REFUSALS: readonly ParleyError["code"][] = ["unauthorized", "forbidden", "invalid_request"]

/**
 * An account that was logged in to, in this page or in another one that shares the storage. What
 * others did is noticed when the session is used: it is read anew each time.
 */
export function createSession({ exchange, storage, clock, onEnded }: SessionDeps): Identity {
  const me = createLive<Me | null>(null)
  let renewing: Promise<StoredSession> | null = null

  /** Errors: `unauthorized`, where there is none. */
  async function look(): Promise<StoredSession> {
    const session = await readSession(storage)
    const known = me.value
    if (known !== null && session?.user.id !== known.id) {
      const error = signedOut(session === null ? "signed out elsewhere" : "somebody else signed in")
      end(error)
      throw error
    }
    if (session === null) throw signedOut("nobody is signed in")
    adopt(session.user)
    return session
  }

  function adopt(user: Me): void {
    if (JSON.stringify(user) !== JSON.stringify(me.value)) me.set(user)
  }

  function end(error: ParleyError): void {
    me.set(null)
    onEnded(error)
  }

  function renewSession(isWorn: (session: StoredSession) => boolean): Promise<StoredSession> {
    renewing ??= storage
      .alone(LOCK, async () => {
        const session = await look()
        // Another page, or another call, was first.
        return isWorn(session) ? await refresh(session) : session
      })
      .finally(() => {
        renewing = null
      })
    return renewing
  }

  async function refresh(session: StoredSession): Promise<StoredSession> {
    try {
      const next = await askForTokens("/auth/refresh", { refresh_token: session.refreshToken })
      await storage.writeSession(next)
      adopt(next.user)
      return next
    } catch (error) {
      if (error instanceof ParleyError && REFUSALS.includes(error.code)) {
        await storage.writeSession({ ...session, ...NO_TOKENS })
        end(error)
        throw signedOut("the session has ended", error)
      }
      throw error
    }
  }

  async function askForTokens(path: Call["path"], body: unknown): Promise<StoredSession> {
    const askedAt = clock.now()
    const call = { method: "POST", path, body } as const
    return withTokens(checked(await exchange(call, null), TOKENS, call), askedAt)
  }

  async function begin(path: Call["path"], body: unknown): Promise<Me> {
    const next = await askForTokens(path, body)
    await storage.alone(LOCK, async () => {
      const before = await storage.readSession()
      if (before?.user.id !== next.user.id) await storage.clear()
      await storage.writeSession(next)
    })
    me.set(next.user)
    return next.user
  }

  async function current(): Promise<Credential> {
    const session = await look()
    const isWorn = (it: StoredSession) => clock.now() >= renewalTime(asToken(it))
    if (!isWorn(session)) return asToken(session)
    try {
      return asToken(await renewSession(isWorn))
    } catch (error) {
      // What cannot be exchanged just now is good until it ends.
      if (me.value === null || clock.now() >= session.expiresAt) throw error
      return asToken(session)
    }
  }

  return {
    me,
    current,
    async renew(refused) {
      return asToken(await renewSession(({ accessToken }) => accessToken === refused.secret))
    },
    async restore() {
      const session = await readSession(storage)
      if (session !== null) adopt(session.user)
      return session?.user ?? null
    },
    register: (account) => begin("/auth/register", asRegistration(account)),
    login: (who: Login) => begin("/auth/login", who),
    async logout() {
      try {
        if (me.value !== null) {
          await exchange({ method: "POST", path: "/auth/logout" }, await current())
        }
      } catch (error) {
        // Where the server is away, or has ended it already, it is still forgotten here.
        if (!(error instanceof ParleyError)) throw error
      }
      await storage.alone(LOCK, () => storage.clear())
      me.set(null)
    },
    async noteMe(user) {
      await storage.alone(LOCK, async () => {
        const session = await readSession(storage)
        if (session?.user.id === user.id) await storage.writeSession({ ...session, user })
      })
      if (me.value?.id === user.id) adopt(user)
    },
  }
}

/**
 * What stays of a session that the server has ended: whose it was. What they wrote and could not
 * send is there for them when they come back, and for nobody else.
 */
const NO_TOKENS = { accessToken: "", refreshToken: "", expiresAt: 0 } as const

async function readSession(storage: Storage): Promise<StoredSession | null> {
  const stored = await storage.readSession()
  return stored === null || stored.refreshToken === "" ? null : stored
}

const asToken = ({ accessToken, expiresAt }: StoredSession): Credential => ({
  type: "token",
  secret: accessToken,
  expiresAt,
})

const withTokens = (told: ApiTokens, askedAt: number): StoredSession => ({
  user: told.user,
  accessToken: told.access_token,
  expiresAt: askedAt + told.expires_in * 1000,
  refreshToken: told.refresh_token,
})

const asRegistration = ({ displayName, inviteCode, ...account }: NewAccount) => ({
  ...account,
  display_name: displayName,
  invite_code: inviteCode,
})

export const signedOut = (detail: string, cause?: unknown): ParleyError =>
  new ParleyError("unauthorized", detail, { cause })
