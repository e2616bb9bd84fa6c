import { Elysia } from "elysia"
import type { Claims } from "../auth/claims"
import type { Identify } from "../auth/identify"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"

export interface AuthenticationDeps {
  readonly identify: Pick<Identify, "identifyRequest">
  readonly claims: Claims
}

/** The REST of `room-path`: where claims are trusted, nobody need say who they are by more. */
const CLAIMABLE: ReadonlySet<string> = new Set([
  "GET /api/v1/rooms",
  "POST /api/v1/rooms",
  "GET /api/v1/rooms/:id",
  "GET /api/v1/rooms/:id/messages",
  "POST /api/v1/rooms/:id/messages",
  "GET /api/v1/users",
  "POST /api/v1/users",
  "GET /api/v1/users/:id",
])

/**
 * Gives every route that is declared after `.use(authentication)` its `actor`, before anything
 * of the request is checked: strangers learn nothing about what a route would have liked.
 */
export function createAuthentication({ identify, claims }: AuthenticationDeps) {
  /** Credentials first: wrong ones are refused where none are needed, too. */
  async function identifyCaller(request: Request, route: string): Promise<Actor> {
    const known = await identify.identifyRequest(request.headers)
    if (!claims.trustsClaims || !isClaimable(request.method, route)) {
      if (known === null) throw new ChatError("unauthorized")
      return known
    }
    const claim = request.method === "GET" ? claimOf(request.url) : null
    if (claim !== null) return claims.checkClaim(known, claim)
    return known ?? claims.identifyVisitor()
  }

  return new Elysia({ name: "authentication" }).derive(
    { as: "scoped" },
    async ({ request, route }) => ({ actor: await identifyCaller(request, route) }),
  )
}

/**
 * Gives every route that is declared after it its `caller`: null where nobody has credentials, and
 * nobody has to, because the request says itself whose it is. Errors: `unauthorized`.
 */
export function createCallers({ identify, claims }: AuthenticationDeps) {
  return new Elysia({ name: "callers" }).derive({ as: "scoped" }, async ({ request }) => {
    const caller = await identify.identifyRequest(request.headers)
    if (caller === null && !claims.trustsClaims) throw new ChatError("unauthorized")
    return { caller }
  })
}

export type Callers = ReturnType<typeof createCallers>
export type Authentication = ReturnType<typeof createAuthentication>

const claimOf = (url: string): string | null => new URL(url).searchParams.get("user_id")

/** By the route that answers, and no other reading of the address. */
const isClaimable = (method: string, route: string): boolean =>
  CLAIMABLE.has(`${method} ${route.replace(/(.)\/$/, "$1")}`)
