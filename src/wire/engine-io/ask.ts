import type { Refusal } from "./refusal"

/** What a request asks of the engine. */
export type Ask =
  | { readonly kind: "open"; readonly transport: "polling" | "websocket" }
  | { readonly kind: "poll" | "post" | "upgrade"; readonly sid: string }
  | { readonly kind: "refused"; readonly refusal: Refusal }

export interface AskInput {
  readonly method: string
  readonly query: URLSearchParams
  /** It carries `Upgrade: websocket`. */
  readonly wantsWebSocket: boolean
}

/** Reads the parameters of a request in the order in which the official server checks them. */
export function readAsk({ method, query, wantsWebSocket }: AskInput): Ask {
  const transport = query.get("transport")
  if (transport !== "polling" && transport !== "websocket") return refused("unknownTransport")
  const sid = query.get("sid")
  if (sid === null || sid === "") {
    if (method !== "GET") return refused("badHandshakeMethod")
    if (wantsWebSocket !== (transport === "websocket")) return refused("badRequest")
    if (query.get("EIO") !== "4") return refused("unsupportedVersion")
    return { kind: "open", transport }
  }
  if (transport === "websocket") {
    return wantsWebSocket && method === "GET" ? { kind: "upgrade", sid } : refused("badRequest")
  }
  if (wantsWebSocket) return refused("badRequest")
  if (method === "GET") return { kind: "poll", sid }
  return method === "POST" ? { kind: "post", sid } : refused("badRequest")
}

const refused = (refusal: Refusal): Ask => ({ kind: "refused", refusal })
