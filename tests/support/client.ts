import { type Client, createClient, createMemoryStorage, type Timeline } from "../../src/client"
import type { Storage } from "../../src/client/storage/storage"
import { PASSWORD, type Person } from "./people"
import { waitUntil } from "./wait"

export interface ClientOptionsForTests {
  /** Where the server is, or a way to it. */
  readonly url: string
  readonly storage?: Storage
}

/** Clients of people with accounts, all of which end with `close`. */
export function createClients() {
  const open: Client[] = []

  return {
    /** One that is live. */
    async connect(
      who: Person,
      { url, storage = createMemoryStorage() }: ClientOptionsForTests,
    ): Promise<Client> {
      const client = createClient({ url, storage })
      open.push(client)
      if ((await client.restore()) === null) {
        await client.login({ username: who.name, password: PASSWORD })
      }
      client.connect()
      await untilLive(client)
      return client
    },
    async close(): Promise<void> {
      for (const client of open.splice(0)) await client.close()
    },
  }
}

/** Waits for a client that tries to connect, and does not let it take its time between two tries. */
export const untilLive = (client: Client): Promise<void> =>
  waitUntil("the client is live", () => {
    client.connect()
    return client.connection.value.status === "live"
  })

export const contentsOf = ({ state }: Timeline): readonly string[] =>
  state.value.messages.map(({ content }) => content)

export const viewIn = (client: Client, roomId: string) =>
  client.rooms.value.find(({ room }) => room.id === roomId)
