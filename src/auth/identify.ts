import type { Actor, Operator } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage } from "../protocol/events"
import { type Instant, type SessionId, SYSTEM_NUMERIC_ID } from "../protocol/ids"
import type { Store } from "../store"
import { createAlive } from "./alive"
import { type HandshakeTokens, readCredentials, readGateway } from "./credentials"
import type { External } from "./external"
import { findClaimed } from "./find-claimed"
import type { NoteKeyUse } from "./key-use"
import type { OriginCheck } from "./origin"
import { hashSecret, secretsMatch } from "./secrets"
import type { Tokens } from "./tokens"

export interface IdentifyDeps {
  readonly store: Store
  readonly tokens: Tokens
  /** The app whose users come with its own tokens; null: there is none. */
  readonly external: External | null
  readonly isAllowedOrigin: OriginCheck
  /** The secret of trusted gateways; null: there are none. */
  readonly internalApiKey: string | null
  /** Told of each use of a key. */
  readonly noteKeyUse: NoteKeyUse
  readonly now: () => Instant
}

/** The one place that turns credentials into an `Actor`, for every carrier and every protocol. */
export function createIdentify(deps: IdentifyDeps) {
  const { store, tokens, external, isAllowedOrigin, internalApiKey, noteKeyUse, now } = deps
  const alive = createAlive({
    find: (id: SessionId) => store.read(store.sessions.findUser(id, now())),
    now,
  })

  /** Null: the request presents nothing. Errors: `unauthorized`, `forbidden` for a foreign page. */
  async function identifyRequest(
    headers: Headers,
    handshake: HandshakeTokens = {},
  ): Promise<Actor | null> {
    const credentials = readCredentials(headers, handshake)
    if (credentials === null) return null
    switch (credentials.type) {
      case "token":
        if (credentials.carrier === "cookie") refuseForeignOrigin(headers)
        return identifyToken(credentials.token)
      case "key":
        return identifyKey(credentials.key)
      case "gateway":
        return identifyGateway(credentials.secret, credentials.user)
    }
  }

  /**
   * For handshakes that are told who it is only later: a page that is not ours must not even
   * open the way on which its user's cookie would count. Whose token it is is not looked at.
   * Errors: `forbidden`.
   */
  function refuseForeignPage(headers: Headers, handshake: HandshakeTokens = {}): void {
    const credentials = readCredentials(headers, handshake)
    if (credentials?.type === "token" && credentials.carrier === "cookie") {
      refuseForeignOrigin(headers)
    }
  }

  function refuseForeignOrigin(headers: Headers): void {
    if (isAllowedOrigin(headers.get("origin"), headers.get("host"))) return
    throw new ChatError("forbidden", { detail: "this origin may not use your cookies" })
  }

  /** Where only a trusted gateway may come, whatever else it brings. Errors: `unauthorized`. */
  async function identifyGatewayRequest(headers: Headers): Promise<Actor> {
    const gateway = readGateway(headers)
    if (gateway === null) {
      throw new ChatError("unauthorized", { detail: "this address is for trusted gateways" })
    }
    return identifyGateway(gateway.secret, gateway.user)
  }

  /** Errors: `unauthorized`, and for tokens of an app `overloaded`. */
  async function identifyToken(token: string): Promise<Actor> {
    // Whose the token claims to be decides by whose keys it is looked at, and by no others.
    if (external?.isMeant(token)) return external.identify(token)
    const claims = await tokens.read(token)
    if (claims === null) {
      throw new ChatError("unauthorized", { detail: "the token is invalid or has expired" })
    }
    const { sessionId, expiresAt } = claims
    const user = await alive.lookUp(sessionId)
    if (user === null || user.id !== claims.userId) {
      throw new ChatError("unauthorized", { detail: "the session has ended" })
    }
    return { user, via: { type: "session", sessionId, expiresAt } }
  }

  /** Hears what ends sessions, before anybody is told that it has ended. */
  function forget(message: BusMessage): void {
    if (message.type === "session.revoked") alive.forget(message.sessionId)
    else if (message.type === "user.disabled" || message.type === "user.updated") forgetAll()
  }

  /** What another process has done is told by nobody: all is looked up again. */
  function forgetAll(): void {
    alive.forgetAll()
    external?.forget()
  }

  async function identifyKey(key: string): Promise<Actor> {
    const found = await store.read(store.apiKeys.findUser(hashSecret(key), now()))
    if (found === null) {
      throw new ChatError("unauthorized", { detail: "the API key is unknown or has ended" })
    }
    const { user, ...via } = found
    noteKeyUse(via.keyId)
    return { user, via: { type: "key", ...via } }
  }

  const isInternal = (secret: string): boolean =>
    internalApiKey !== null && secretsMatch(secret, internalApiKey)

  /** For what is asked in no user's name, by who has the internal key. Errors: `unauthorized`. */
  function identifyOperator(headers: Headers): Operator {
    if (isInternal(headers.get("x-internal-api-key") ?? "")) return { via: { type: "internal" } }
    throw new ChatError("unauthorized", { detail: "x-internal-api-key is missing or wrong" })
  }

  async function identifyGateway(secret: string, claim: string): Promise<Actor> {
    if (!isInternal(secret)) {
      throw new ChatError("unauthorized", { detail: "the internal API key is wrong" })
    }
    const user = await store.read(findClaimed(store, claim))
    if (user === null || user.disabledAt !== null || user.numericId === SYSTEM_NUMERIC_ID) {
      throw new ChatError("unauthorized", { detail: "there is no such user" })
    }
    return { user, via: { type: "gateway" } }
  }

  return {
    identifyRequest,
    identifyGatewayRequest,
    identifyOperator,
    identifyToken,
    refuseForeignPage,
    forget,
    forgetAll,
  }
}

export type Identify = ReturnType<typeof createIdentify>
