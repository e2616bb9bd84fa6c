import type { Client } from "../../client/client"
import { forgetAll } from "./kept"
import { navigate, pathTo } from "./route"

/** Ends the session, and forgets what was written and looked for in this browser. */
export async function signOut(client: Pick<Client, "logout">): Promise<void> {
  try {
    await client.logout()
  } finally {
    // Only now: what is open keeps what was typed a moment ago, until nobody is signed in.
    forgetAll("draft")
    forgetAll("searches")
  }
  navigate(pathTo.home(), { replace: true })
}
