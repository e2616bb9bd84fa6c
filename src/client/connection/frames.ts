import type { Hello, OkData } from "../../protocol/server-frames"
import { ParleyError } from "../error"
import { isErrorCode } from "../error-codes"
import { having, isObject } from "../shape"
import type { Told } from "./connection"

export type Heard =
  | { readonly type: "hello"; readonly hello: Hello }
  | { readonly type: "ok"; readonly id: number; readonly data: OkData }
  | { readonly type: "refused"; readonly id: number | null; readonly error: ParleyError }
  | { readonly type: "told"; readonly frame: Told }
  /** Of a newer server: what is not known is not missed. */
  | { readonly type: "unknown" }

const TOLD = {
  "message.created": true,
  "message.updated": true,
  "message.deleted": true,
  "member.joined": true,
  "member.left": true,
  "member.updated": true,
  "room.updated": true,
  "room.deleted": true,
  "room.added": true,
  "room.removed": true,
  read: true,
  typing: true,
  presence: true,
  heartbeat: true,
  notice: true,
} as const satisfies Record<Told["type"], true>

const UNKNOWN = { type: "unknown" } as const

/** Reads what the server says; never throws. */
export function readFrame(text: string): Heard {
  const frame = parse(text)
  if (!isFrame(frame)) return UNKNOWN
  const id = typeof frame.id === "number" ? frame.id : null
  if (isTold(frame)) return { type: "told", frame }
  if (frame.type === "hello" && isHello(frame.data)) return { type: "hello", hello: frame.data }
  if (frame.type === "ok" && id !== null && isOkData(frame.data)) {
    return { type: "ok", id, data: frame.data }
  }
  if (frame.type === "error") return { type: "refused", id, error: readRefusal(frame.data) }
  return UNKNOWN
}

interface Frame {
  readonly type: string
  readonly id?: unknown
  readonly data: object
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The server speaks JSON; what is none is not for us.
    return null
  }
}

const hasParts = having<Record<keyof Frame, unknown>>("type", "data")

const isFrame = (value: unknown): value is Frame =>
  hasParts(value) && typeof value.type === "string" && isObject(value.data)

// By their names alone: the server holds itself to the schemas of what it says.
const isTold = (frame: Frame): frame is Frame & Told => Object.hasOwn(TOLD, frame.type)
const isHello = having<Hello>("heartbeat_ms", "user")
const isOkData = (_data: object): _data is OkData => true

interface Refusal {
  readonly code?: unknown
  readonly message?: unknown
  readonly retryable?: unknown
  readonly retry_after_ms?: unknown
}

function readRefusal({ code, message, retryable, retry_after_ms: wait }: Refusal): ParleyError {
  const text = String(message)
  if (typeof code !== "string" || !isErrorCode(code)) {
    return new ParleyError("too_new", `${code}: ${text}`)
  }
  return new ParleyError(code, text, {
    isRetryable: retryable === true,
    retryAfterMs: typeof wait === "number" ? wait : undefined,
  })
}
