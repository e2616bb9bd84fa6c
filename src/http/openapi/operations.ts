import { ADMIN } from "./admin"
import { AUTH } from "./auth"
import { CONVERSATIONS } from "./conversations"
import { GATEWAY_EVENTS } from "./gateway-events"
import { MEMBERS } from "./members"
import { MESSAGE_CHANGES } from "./message-changes"
import { MESSAGES } from "./messages"
import { MODERATION } from "./moderation"
import type { Operation, OperationKey } from "./operation"
import { ROOMS } from "./rooms"
import { SCHEDULED } from "./scheduled"
import { SEARCH } from "./search"
import { ROOM_COMMANDS, SERVER } from "./server"
import { SOCKET_IO_CONVERSATIONS } from "./socketio-conversations"
import { SOCKET_IO_ROOMS } from "./socketio-rooms"
import { SYNC } from "./sync"
import { THREADS } from "./threads"
import { UPLOADS } from "./uploads"
import { USERS } from "./users"

/** Every route in words. A route without an entry, or an entry without a route, fails a test. */
export const OPERATIONS = {
  ...AUTH,
  ...USERS,
  ...ROOMS,
  ...MEMBERS,
  ...MODERATION,
  ...CONVERSATIONS,
  ...MESSAGES,
  ...THREADS,
  ...MESSAGE_CHANGES,
  ...SCHEDULED,
  ...UPLOADS,
  ...SYNC,
  ...SEARCH,
  ...SOCKET_IO_CONVERSATIONS,
  ...SERVER,
  ...ADMIN,
  ...SOCKET_IO_ROOMS,
  ...GATEWAY_EVENTS,
} as const satisfies Readonly<Record<OperationKey, Operation>>

/** The entry of a route. Addresses are told without the slash that Elysia leaves at their end. */
export function findOperation(key: string, roomCommandsPath: string): Operation | undefined {
  const entries: Readonly<Record<string, Operation>> = OPERATIONS
  return entries[key === `GET ${roomCommandsPath}` ? ROOM_COMMANDS : key]
}

export const operationKey = ({
  method,
  path,
}: {
  readonly method: string
  readonly path: string
}) => `${method} ${path.length > 1 ? path.replace(/\/$/, "") : path}`
