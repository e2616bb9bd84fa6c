import type { Client } from "../../client/client"
import { forgetAll } from "./kept"
import { navigate, pathTo } from "./route"

/** Ends the session, and forgets what was written and looked for in this browser. */
export async function signOut(client: Pick<Client, "logout">): Promise<void> {
  forgetAll("draft")
  forgetAll("searches")
  await client.logout()
  navigate(pathTo.home(), { replace: true })
}
