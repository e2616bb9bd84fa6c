import type { Client } from "../../client/client"

/** The client of this page, which keeps what it knows in the browser. */
export function startClient(): Client {
  throw new Error("the SDK has no createClient yet")
}
