import type { Api } from "./api"
import type { Client, Me, Presence, RoomView } from "./client"
import type { Connection } from "./connection"
import { ParleyError } from "./error"
import { createLive, type Live } from "./live"
import type { Storage } from "./storage"

export interface RoomsDeps {
  readonly api: Api
  readonly connection: Connection
  readonly storage: Storage
  readonly me: Live<Me | null>
  /** Epoch milliseconds. */
  readonly now: () => number
}

export interface Rooms
  extends Pick<Client, "rooms" | "isReady" | "room" | "presence" | "setStatus"> {
  close(): Promise<void>
}

export function createRooms({ connection }: RoomsDeps): Rooms {
  return {
    rooms: createLive<readonly RoomView[]>([]),
    isReady: createLive(false),
    presence: createLive<ReadonlyMap<string, Presence>>(new Map()),
    room(id) {
      throw new ParleyError("room_not_found", `room ${id} is not known`)
    },
    setStatus: (status) => void connection.ask("presence", { status }).catch(() => undefined),
    close: async () => undefined,
  }
}
