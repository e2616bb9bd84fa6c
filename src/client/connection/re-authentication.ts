import type { Clock } from "../clock"
import { type Credential, type Credentials, renewalTime } from "../session/credentials"
import type { Line } from "./line"

export interface ReAuthenticationDeps {
  readonly line: Line
  readonly credentials: Credentials
  readonly clock: Clock
}

/** After trouble, or without a better token, it is tried again so much later. */
const AGAIN_MS = 5_000

/**
 * Gives a line that is open a fresh token before its own ends, so that it need not be opened
 * again. Where that fails the server closes the line in time (4101). Returns what stops it.
 */
export function keepAuthenticated(first: Credential, deps: ReAuthenticationDeps): () => void {
  const { line, credentials, clock } = deps
  let callOff: () => void = () => undefined
  let isOver = false

  function plan(dueAt: number): void {
    if (isOver || dueAt === Number.POSITIVE_INFINITY) return
    callOff = clock.after(dueAt - clock.now(), () => void renew())
  }

  async function renew(): Promise<void> {
    try {
      const { type, secret, expiresAt } = await credentials.current()
      if (isOver) return
      if (type === "token") await line.ask("auth", { token: secret })
      plan(Math.max(renewalTime({ secret, expiresAt }), clock.now() + AGAIN_MS))
    } catch {
      // Whatever it is: the server has the last word, and closes the line if it has to.
      plan(clock.now() + AGAIN_MS)
    }
  }

  plan(renewalTime(first))
  return () => {
    isOver = true
    callOff()
  }
}
