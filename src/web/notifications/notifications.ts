import type { Client } from "../../client/client"

/** Shows notifications of the browser, where one wants them, until the returned function is called. */
export function startNotifications(client: Client): () => void {
  return client.on("session.ended", () => undefined)
}
