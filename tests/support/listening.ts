import { isOnPostgres } from "./databases"
import type { Person } from "./people"
import type { TestFrame, TestSocket } from "./socket"

/** The person on a fresh socket that hears the room. */
export async function listening(
  somebody: Person,
  ...rooms: readonly { readonly id: string }[]
): Promise<TestSocket> {
  const socket = await somebody.connect()
  const answer = await socket.ask("subscribe", { rooms: rooms.map(({ id }) => ({ room_id: id })) })
  if (answer.type !== "ok") throw new Error(`${somebody.name} could not subscribe`)
  // Where rooms take time to be read, their own "online" is told when they hear it already.
  if (isOnPostgres) await socket.framesUntilQuiet()
  return socket
}

/**
 * The types of all frames that come from here on until nothing more comes: the way to say in a
 * test what happened and that nothing else did.
 */
export async function typesUntilQuiet(socket: TestSocket, quietMs?: number): Promise<string[]> {
  return (await socket.framesUntilQuiet(quietMs)).map(({ type }) => type)
}

/** The durable changes that a socket has heard since it opened, when nothing more comes. */
export async function changesHeard(socket: TestSocket): Promise<readonly TestFrame[]> {
  await socket.framesUntilQuiet()
  return socket.frames.filter(({ seq }) => seq !== undefined)
}
