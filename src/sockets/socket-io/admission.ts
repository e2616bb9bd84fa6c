import type { Socket } from "socket.io"
import type { Claims } from "../../auth/claims"
import type { Identify } from "../../auth/identify"
import type { Actor } from "../../protocol/entities"
import { ChatError, ERRORS } from "../../protocol/errors"
import type { HandshakeRequest } from "../../wire/engine-io/handshake-request"
import type { EngineSocket } from "../../wire/engine-io/socket"
import type { Gate } from "../gate"

export interface AdmissionDeps {
  readonly identify: Pick<Identify, "identifyRequest">
  readonly claims: Pick<Claims, "checkClaim">
  readonly gate: Gate
}

/** Who may join the namespace, of those who have opened a session. */
export function createAdmission({ identify, claims, gate }: AdmissionDeps) {
  /**
   * Who it is, and that there is room for them.
   * Errors: `unauthorized`, `forbidden`, `rate_limited`, `overloaded`; those of claims.
   */
  async function admit(socket: Socket, session: EngineSocket): Promise<Actor> {
    gate.refuseIfDraining()
    gate.refuseAddress(session.remoteAddress)
    const actor = await whoIs(socket, session)
    // Asked again: others may have come while we looked who this is.
    gate.refuseIfDraining()
    gate.refuseAddress(session.remoteAddress)
    gate.refuseUser(actor)
    return actor
  }

  async function whoIs({ handshake }: Socket, { request }: EngineSocket): Promise<Actor> {
    const token: unknown = handshake.auth.token
    const actor = await identify.identifyRequest(new Headers(request.headers), {
      urlToken: request._query.token ?? null,
      authToken: typeof token === "string" ? token : null,
    })
    const claim = claimOf(request)
    if (claim !== null) return claims.checkClaim(actor, claim, { field: "userId" })
    if (actor === null) throw new ChatError("unauthorized")
    return actor
  }

  return admit
}

/** Whom its address says it is; null: it does not say. */
export function claimOf({ _query: { userId } }: HandshakeRequest): string | null {
  return userId === undefined || userId === "" ? null : userId
}

/** In the form in which clients of Socket.IO learn of it: their `connect_error`. */
export function connectError({ code, message }: ChatError): Error {
  const statusCode = ERRORS[code].status
  return Object.assign(new Error(statusCode === 401 ? "Unauthorized" : message), {
    data: { statusCode },
  })
}

export type Admit = ReturnType<typeof createAdmission>
