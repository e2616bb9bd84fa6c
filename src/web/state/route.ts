/**
 * Where one is, by the part of the address after `#`: it never reaches the server, nor its log.
 */
import { signal } from "@preact/signals"

export type Route =
  | { readonly name: "home" }
  | {
      readonly name: "room"
      readonly roomId: string
      /** A seq to jump to. */
      readonly at: number | null
      /** A message whose thread is open. */
      readonly threadId: string | null
    }
  | { readonly name: "directory" }
  | { readonly name: "settings"; readonly tab: string }
  | { readonly name: "admin" }
  | { readonly name: "invite"; readonly code: string }

const HOME: Route = { name: "home" }

/** Follows the address once `startRouting` has run. */
export const route = signal<Route>(HOME)

interface RoomPlace {
  readonly at?: number | null | undefined
  readonly thread?: string | null | undefined
}

/** Addresses of what there is, for links and `navigate`. */
export const pathTo = {
  home: () => "#/",
  room(id: string, { at, thread }: RoomPlace = {}) {
    const query = new URLSearchParams()
    if (at !== undefined && at !== null) query.set("at", String(at))
    if (thread !== undefined && thread !== null) query.set("thread", thread)
    const asked = query.toString()
    return `#/rooms/${encodeURIComponent(id)}${asked === "" ? "" : `?${asked}`}`
  },
  directory: () => "#/directory",
  settings: (tab = "profile") => `#/settings/${encodeURIComponent(tab)}`,
  admin: () => "#/admin",
  invite: (code: string) => `#/invite/${encodeURIComponent(code)}`,
} as const

/** What an address means; anything unknown is the start. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?")
  const [name = "", part = ""] = path.split("/").map(decoded)
  const asked = new URLSearchParams(query)
  switch (name) {
    case "rooms":
      if (part === "") return HOME
      return {
        name: "room",
        roomId: part,
        at: readSeq(asked.get("at")),
        threadId: asked.get("thread"),
      }
    case "directory":
      return { name: "directory" }
    case "settings":
      return { name: "settings", tab: part === "" ? "profile" : part }
    case "admin":
      return { name: "admin" }
    case "invite":
      return part === "" ? HOME : { name: "invite", code: part }
    default:
      return HOME
  }
}

/** Goes there, as a press on a link would. `replace`: what was here is not come back to. */
export function navigate(path: string, { replace = false } = {}): void {
  if (path === location.hash) return
  if (!replace) {
    location.hash = path
    return
  }
  history.replaceState(null, "", path)
  follow()
}

/** Follows the address until the returned function is called. */
export function startRouting(): () => void {
  follow()
  addEventListener("hashchange", follow)
  return () => removeEventListener("hashchange", follow)
}

function follow(): void {
  route.value = readRoute(location.hash)
}

/** What is no text in percents stays as it is: anybody can write a link. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function readSeq(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
