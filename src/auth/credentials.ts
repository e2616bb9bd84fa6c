/** What a request presents to say who it comes from, before anybody has believed it. */
export type Credentials =
  | {
      readonly type: "token"
      readonly token: string
      readonly carrier: "header" | "handshake" | "cookie"
    }
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "gateway"; readonly secret: string; readonly user: string }

export const ACCESS_COOKIE = "access_token"

/** Where sockets have their tokens, whose pages cannot set headers. */
export interface HandshakeTokens {
  /** `token` in the URL. */
  readonly urlToken?: string | null
  /** `auth.token` of a Socket.IO client, which is asked before the URL: no proxy has seen it. */
  readonly authToken?: string | null
}

/**
 * Finds the credentials of a request. A header is a choice, a cookie is sent by habit: so the
 * cookie comes last.
 */
export function readCredentials(
  headers: Headers,
  { urlToken = null, authToken = null }: HandshakeTokens,
): Credentials | null {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1]
  if (bearer !== undefined) return { type: "token", token: bearer, carrier: "header" }
  const key = headers.get("x-api-key")
  if (key !== null) return { type: "key", key }
  const gateway = readGateway(headers)
  if (gateway !== null) return gateway
  const token = authToken ?? urlToken
  if (token !== null) return { type: "token", token, carrier: "handshake" }
  const fromCookie = cookieValue(headers.get("cookie") ?? "", ACCESS_COOKIE)
  return fromCookie === null ? null : { type: "token", token: fromCookie, carrier: "cookie" }
}

/** What a trusted gateway presents: its own secret, and whom it speaks for. */
export function readGateway(
  headers: Headers,
): Extract<Credentials, { readonly type: "gateway" }> | null {
  const secret = headers.get("x-internal-api-key")
  const user = headers.get("x-user-id")
  return secret === null || user === null ? null : { type: "gateway", secret, user }
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(";")) {
    const [key, ...value] = pair.split("=")
    if (key?.trim() === name)
      return value
        .join("=")
        .trim()
        .replace(/^"(.*)"$/, "$1")
  }
  return null
}
