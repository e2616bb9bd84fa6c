import type { Addressing, AddressSource } from "../auth/address"
import type { Log } from "../ops/log"
import { countAnswer, type Meters, type RouteMeter } from "../ops/meters"
import type { Cors } from "./cors"
import { REQUEST_ID, type RequestIds } from "./request-ids"
import { pathOf } from "./request-path"
import type { RouteFinder } from "./route-finder"
import { addSecurityHeaders } from "./security-headers"

export interface EnvelopeDeps {
  readonly requestIds: RequestIds
  readonly cors: Cors
  readonly addressing: Addressing
  readonly meters: Meters
  readonly log: Log
  /** All routes of the server, asked for once it has them. */
  readonly routes: () => RouteFinder
  readonly server: () => AddressSource | null
}

/** As Elysia hands it over: what answers a request, with everything that Elysia does. */
type Handle = (request: Request) => unknown

/**
 * What is around every answer, however it came about: a route's, an error's, that there is no
 * such address. Elysia's hooks each miss some of them, so this wraps the whole of Elysia.
 */
export function createEnvelope(deps: EnvelopeDeps) {
  const { requestIds, cors, addressing, meters, log } = deps
  const meterByPath = new Map<string, Map<string, RouteMeter>>()
  const logsAccess = log.isLevelEnabled("debug")

  return async function envelop(handle: Handle, request: Request): Promise<unknown> {
    const startedAt = performance.now()
    const answer = cors.preflight(request) ?? (await handle(request))
    if (!(answer instanceof Response)) return answer
    complete(answer.headers, request)
    record(request, answer, performance.now() - startedAt)
    return answer
  }

  function complete(headers: Headers, request: Request): void {
    addSecurityHeaders(headers, { isSecure: addressing.isSecure(request) })
    cors.permit(request, headers)
    // A failure has named its request already, and logged it by that name.
    if (!headers.has(REQUEST_ID)) headers.set(REQUEST_ID, requestIds.idOf(request))
  }

  function meterOf(method: string, path: string): RouteMeter {
    let byPath = meterByPath.get(method)
    if (byPath === undefined) {
      // A handful: Bun refuses methods that are none.
      byPath = new Map()
      meterByPath.set(method, byPath)
    }
    const known = byPath.get(path)
    if (known !== undefined) return known
    const meter = meters.route(deps.routes().patternOf(path, method), knownMethod(method))
    if (byPath.size >= PATHS_MAX) byPath.clear()
    byPath.set(path, meter)
    return meter
  }

  function record(request: Request, response: Response, milliseconds: number): void {
    const meter = meterOf(request.method, pathOf(request.url))
    countAnswer(meter, response.status, milliseconds / 1000)
    if (!logsAccess) return
    // The pattern, not the address: tokens and codes stand in addresses.
    log.debug(
      {
        method: meter.method,
        route: meter.route,
        status: response.status,
        ms: Math.round(milliseconds * 100) / 100,
        request_id: response.headers.get(REQUEST_ID),
        address: addressing.addressOf(request, deps.server()),
      },
      "a request was answered",
    )
  }
}

/** So many paths are remembered: those that are asked for again and again. */
const PATHS_MAX = 1_000

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

const knownMethod = (method: string): string => (METHODS.includes(method) ? method : "other")
