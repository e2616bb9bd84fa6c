import type { ConnectionState } from "../client"
import { ParleyError } from "../error"
import type { Ending } from "./line"

export type EndReason = Extract<ConnectionState, { status: "ended" }>["reason"]

/** What follows after a try, or a line, has ended. */
export type Verdict =
  | { readonly type: "ended"; readonly reason: EndReason }
  | {
      readonly type: "again"
      /** What the line was opened by is of no use any more. */
      readonly isRefused: boolean
      /** Not sooner. */
      readonly afterMs: number
      /** The server was not even reached, or did not want to speak. */
      readonly wasOpen: boolean
    }

const again = { type: "again", isRefused: false, afterMs: 0, wasOpen: true } as const

/** By the server's table of close codes (`CLOSE_CODES` in the protocol's `socket-frames.ts`). */
export function judgeEnding({ code, wasOpen }: Ending): Verdict {
  if (code === 4201) return { type: "ended", reason: "banned" }
  if (code === 4202) return { type: "ended", reason: "connections" }
  if (code >= 4200 && code <= 4299) return { type: "ended", reason: "protocol" }
  return { ...again, isRefused: code >= 4100 && code <= 4199, wasOpen }
}

/** What went wrong before the line was live. */
export function judgeError(error: unknown): Verdict {
  if (!(error instanceof ParleyError)) return again
  // `forbidden`: the page's cookie is another one's. Who renews the token gets a cookie of theirs.
  const isRefused = error.code === "unauthorized" || error.code === "forbidden"
  return { ...again, isRefused, afterMs: error.retryAfterMs ?? 0 }
}
