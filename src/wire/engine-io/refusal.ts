/**
 * Why a request becomes no session or does not reach one: codes and texts are those that clients
 * of the official server know. Source: engine.io 6.6, `Server.errors`.
 */
const REFUSALS = {
  unknownTransport: { status: 400, code: 0, message: "Transport unknown" },
  unknownSession: { status: 400, code: 1, message: "Session ID unknown" },
  badHandshakeMethod: { status: 400, code: 2, message: "Bad handshake method" },
  badRequest: { status: 400, code: 3, message: "Bad request" },
  forbidden: { status: 403, code: 4, message: "Forbidden" },
  unsupportedVersion: { status: 400, code: 5, message: "Unsupported protocol version" },
  // Without a code there: the status is all that the official server says.
  bodyTooLarge: { status: 413, code: 3, message: "Payload too large" },
  bodyTooSlow: { status: 408, code: 3, message: "Request timeout" },
  full: { status: 503, code: 3, message: "Too many connections" },
} as const

export type Refusal = keyof typeof REFUSALS

export function refusalResponse(refusal: Refusal, says?: string): Response {
  const { status, code, message } = REFUSALS[refusal]
  return Response.json(
    { code, message: says ?? message },
    { status, headers: { "cache-control": "no-store" } },
  )
}
