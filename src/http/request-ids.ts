import { randomBytes } from "node:crypto"

export const REQUEST_ID = "x-request-id"

export interface RequestIdsOptions {
  /** A proxy of ours stands in front, whose ids are worth keeping. Others' are anybody's claim. */
  readonly believesIncoming: boolean
}

/** Names requests, so that an answer and what was logged of it can be brought together. */
export function createRequestIds({ believesIncoming }: RequestIdsOptions) {
  // Counted up from something that differs with each start: short, and never twice.
  const prefix = randomBytes(6).toString("base64url")
  let last = 0

  const fresh = () => `${prefix}${(++last).toString(36)}`

  return {
    /** The id of a request that came with none is another one each time: ask once. */
    idOf(request: Request): string {
      if (!believesIncoming) return fresh()
      const incoming = request.headers.get(REQUEST_ID)
      return incoming !== null && /^[A-Za-z0-9_-]{1,64}$/.test(incoming) ? incoming : fresh()
    },
  }
}

export type RequestIds = ReturnType<typeof createRequestIds>
