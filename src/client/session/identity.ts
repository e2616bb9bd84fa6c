import type { Login, Me, NewAccount } from "../client"
import type { ParleyError } from "../error"
import type { Live } from "../live"
import type { Credentials } from "./credentials"

/** Whose client it is, and by what the server believes it. */
export interface Identity extends Credentials {
  readonly me: Live<Me | null>
  restore(): Promise<Me | null>
  register(account: NewAccount): Promise<Me>
  login(who: Login): Promise<Me>
  logout(): Promise<void>
  /** The server has said how this account is now. */
  noteMe(me: Me): Promise<void>
}

/** Told when a session is over that nobody here has ended. */
export type OnEnded = (error: ParleyError) => void
