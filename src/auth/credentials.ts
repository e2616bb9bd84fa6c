/** What a request presents to say who it comes from, before anybody has believed it. */
export type Credentials =
  | {
      readonly type: "token"
      readonly token: string
      readonly carrier: "header" | "url" | "cookie"
    }
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "gateway"; readonly secret: string; readonly user: string }

export const ACCESS_COOKIE = "access_token"

/**
 * Finds the credentials of a request. A header is a choice, a cookie is sent by habit: so the
 * cookie comes last. `token` in the URL counts for sockets only, whose pages cannot set headers.
 */
export function readCredentials(
  headers: Headers,
  { urlToken }: { readonly urlToken: string | null },
): Credentials | null {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1]
  if (bearer !== undefined) return { type: "token", token: bearer, carrier: "header" }
  const key = headers.get("x-api-key")
  if (key !== null) return { type: "key", key }
  const secret = headers.get("x-internal-api-key")
  const user = headers.get("x-user-id")
  if (secret !== null && user !== null) return { type: "gateway", secret, user }
  if (urlToken !== null) return { type: "token", token: urlToken, carrier: "url" }
  const token = cookieValue(headers.get("cookie") ?? "", ACCESS_COOKIE)
  return token === null ? null : { type: "token", token, carrier: "cookie" }
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
