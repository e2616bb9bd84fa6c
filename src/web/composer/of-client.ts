import type { Client } from "../../client/client"

/** One of something for each client, made when it is first asked for, and gone with the client. */
export function createOfClient<T>(create: (client: Client) => T): (client: Client) => T {
  const made = new WeakMap<Client, T>()
  return (client) => {
    const known = made.get(client)
    if (known !== undefined) return known
    const fresh = create(client)
    made.set(client, fresh)
    return fresh
  }
}
