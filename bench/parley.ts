/** How Parley is started and filled by its REST API; how it is spoken to stands in protocols.ts. */
import { cp } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import type { ChatServer, Seating } from "./chat-server"
import type { ConnectionGroup } from "./loader/orders"
import { native, type Protocol } from "./protocols"
import { type ServerProcess, startServer } from "./server-process"

const registrationsAtOnce = 4
const requestSecondsMax = 30
const repository = join(import.meta.dir, "..")

/** Where the compiled server stands once `bun run build` has made it. */
export const parleyBinary = join(repository, "dist/parley")

/** How Parley is started from its sources. */
export const parleyFromSource = [process.execPath, join(repository, "src/main.ts")]

// Everything on, as in production, but no limit: a bench that is refused measures refusals.
export const environment = {
  NODE_ENV: "production",
  LOG_LEVEL: "info",
  HOST: "127.0.0.1",
  CHAT_MAX_MESSAGES_PER_MIN: "0",
  CHAT_MAX_JOINS_PER_MIN: "0",
  CHAT_MAX_TYPING_PER_MIN: "0",
  CHAT_HTTP_MAX_PER_MIN: "0",
  CHAT_AUTH_MAX_PER_MIN: "0",
  CHAT_MAX_CONNECTIONS_PER_USER: "0",
  CHAT_MAX_CONNECTIONS_PER_ADDRESS: "0",
  CHAT_MAX_ROOMS_PER_USER: "0",
  CHAT_MAX_FRAMES_PER_SEC: "0",
}

/** Of every user that is registered here. */
export const benchPassword = "correct horse battery"

/** A registered user with an access token. */
export interface Account {
  readonly username: string
  readonly token: string
}

/** A data folder with registered users in it. */
export interface ParleySeed {
  readonly dataFolder: string
  readonly accounts: readonly Account[]
}

export interface ParleyServer extends ChatServer {
  /** Makes a room with this many messages; returns how to ask for the newest page of 50. */
  fillHistory(messages: number): Promise<{ path: string; headers: string[] }>
}

/**
 * Registers users in a new data folder, once for a whole run: passwords are hashed slowly on
 * purpose. Each workload starts on a copy, whose signing secret makes the tokens good there too.
 */
export async function seedParley(users: number, folder: string): Promise<ParleySeed> {
  const dataFolder = join(folder, "seed")
  await using server = await serveParley({ dataFolder, folder })
  const accounts = await registerAll(server, users)
  // Stopped, not killed, so that the folder is whole when it is copied.
  await server.stop()
  return { dataFolder, accounts }
}

/** Registers so many users, a few at a time. */
export async function registerAll(server: ServerProcess, users: number): Promise<Account[]> {
  const accounts: Account[] = []
  const names = Array.from({ length: users }, (_, user) => `bench-${user}`).values()
  const registrations = Array.from({ length: registrationsAtOnce }, async () => {
    for (const username of names) accounts.push(await register(server, username))
  })
  await Promise.all(registrations)
  return accounts
}

/** Starts Parley on a copy of the seeded data folder. All its clients speak one protocol. */
export async function startParley(
  seed: ParleySeed,
  folder: string,
  protocol: Protocol = native,
): Promise<ParleyServer> {
  const server = await serveParley({ dataFolder: await copyOfSeed(seed, folder), folder })
  return {
    ...server,
    name: protocol === native ? "Parley" : `Parley, ${protocol.name}`,
    marks: protocol.marks,
    acksPerMessage: protocol.acksPerMessage,
    furnish: async (seating) =>
      await furnish(server, { accounts: seed.accounts, seating, protocol }),
    fillHistory: async (messages) => await fillHistory(server, seed, messages),
  }
}

/** A data folder of its own with what the seed holds. */
export async function copyOfSeed(seed: ParleySeed, folder: string): Promise<string> {
  const dataFolder = join(folder, `data-${Bun.randomUUIDv7()}`)
  await cp(seed.dataFolder, dataFolder, { recursive: true })
  return dataFolder
}

/** The environment of a Parley that listens on `port`; 0 lets the system choose one. */
export function parleyEnvironment(dataFolder: string, port: number): Record<string, string> {
  return { ...environment, DATA_DIR: dataFolder, PORT: String(port) }
}

/** Starts Parley on a data folder, and no more. */
export async function serveParley(places: {
  readonly dataFolder: string
  readonly folder: string
}): Promise<ServerProcess> {
  return await startServer({
    command: [...parleyFromSource, "serve"],
    env: parleyEnvironment(places.dataFolder, 0),
    folder: places.folder,
  })
}

interface Furnishing {
  readonly accounts: readonly Account[]
  readonly seating: Seating
  readonly protocol: Protocol
}

/** Makes the rooms, lets everybody join, and tells how each seat is taken. */
export async function furnish(
  server: ServerProcess,
  { accounts: everybody, seating, protocol }: Furnishing,
): Promise<ConnectionGroup[]> {
  const { rooms, connectionsPerRoom, sendersPerRoom, usersPerRoom } = seating
  const groups: ConnectionGroup[] = []
  for (let room = 0; room < rooms; room++) {
    const firstUser = room * usersPerRoom
    const accounts = everybody.slice(firstUser, firstUser + usersPerRoom)
    const roomId = await makeRoom(server, `bench ${room}`, accounts)
    for (const [user, account] of accounts.entries()) {
      const { message, ...group } = protocol.take({ roomId, ...account })
      const senders = Math.floor((sendersPerRoom - user - 1) / usersPerRoom) + 1
      const connections = connectionsPerRoom / usersPerRoom
      groups.push({ ...group, count: senders, message })
      groups.push({ ...group, count: connections - senders })
    }
  }
  return groups
}

async function fillHistory(server: ServerProcess, seed: ParleySeed, messages: number) {
  const [reader] = seed.accounts
  if (!reader) throw new Error("somebody has to read the history")
  const { token } = reader
  const roomId = await makeRoom(server, "bench history", [reader])
  for (let message = 0; message < messages; message++) {
    const content = `Message ${message}, about as long as what people write to each other.`
    await post(server, `/rooms/${roomId}/messages`, { token, body: { content } })
  }
  return {
    path: `/api/v1/rooms/${roomId}/messages?limit=50`,
    headers: [`Authorization: Bearer ${token}`],
  }
}

/** A room of the first one, which the others have joined; by its id. */
export async function makeRoom(server: ServerProcess, name: string, accounts: readonly Account[]) {
  const [owner, ...others] = accounts
  const created = await post(server, "/rooms", { token: owner?.token, body: { name } })
  const { id } = z.object({ id: z.string() }).parse(created)
  for (const { token } of others) await post(server, `/rooms/${id}/join`, { token, body: {} })
  return id
}

async function register(server: ServerProcess, username: string): Promise<Account> {
  const body = { username, password: benchPassword }
  const answer = await post(server, "/auth/register", { body })
  const { access_token: token } = z.object({ access_token: z.string() }).parse(answer)
  return { username, token }
}

async function post(
  server: ServerProcess,
  path: string,
  { token, body }: { readonly token?: string | undefined; readonly body: unknown },
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(requestSecondsMax * 1000),
  })
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`)
  return await response.json()
}
