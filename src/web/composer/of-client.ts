import type { Client } from "../../client/client"

interface Made<T> {
  readonly one: T
  readonly userId: string | undefined
}

/**
 * One of something for each client, made when it is first asked for, and gone with the client.
 * Another account of the same client has another one: what one has begun is not shown to the next.
 */
export function createOfClient<T>(create: (client: Client) => T): (client: Client) => T {
  const made = new WeakMap<Client, Made<T>>()
  return (client) => {
    const known = made.get(client)
    const userId = client.me.value?.id
    // Nobody: they have just signed out, and what is still shown is theirs.
    if (known !== undefined && (userId === undefined || known.userId === userId)) return known.one
    const one = create(client)
    made.set(client, { one, userId })
    return one
  }
}
