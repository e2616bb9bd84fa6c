import { createFetchCarrier } from "./carrier"
import type { Client, ClientOptions } from "./client"
import { systemClock } from "./clock"
import { createConnection } from "./connection/live-connection"
import type { ParleyError } from "./error"
import { createEmitter, emitTold } from "./events"
import { createApi } from "./rest/create-api"
import { createExchange } from "./rest/exchange"
import { createRest } from "./rest/rest"
import { createRooms } from "./rooms/rooms"
import { createAppToken } from "./session/app-token"
import type { Identity } from "./session/identity"
import { createSession, type SessionDeps } from "./session/session"
import { createMemoryStorage } from "./storage/storage.memory"
import { pageOrigin, readSurroundings } from "./surroundings"
import { createXhrCarrier } from "./xhr-carrier"

/**
 * Begins a client. It asks nobody anything until it is told to. Errors: a `TypeError` where
 * `url` is none, or is missing and no page says where the server is.
 */
export function createClient(options: ClientOptions = {}): Client {
  const url = serverOf(options)
  const { storage = createMemoryStorage(), token, WebSocket = globalThis.WebSocket } = options
  const clock = systemClock
  const { on, emit } = createEmitter()
  const carry = createFetchCarrier(options.fetch ?? globalThis.fetch)
  const carryFiles = (options.fetch === undefined ? createXhrCarrier() : null) ?? carry
  const exchange = createExchange({ url, carry, carryFiles, clock })
  const identity = identify({ exchange, storage, clock, onEnded }, token)
  const api = createApi({
    rest: createRest(exchange, identity),
    exchange,
    onMe: identity.noteMe,
  })
  const connection = createConnection({
    url: `${url.replace(/^http/, "ws")}/api/v1/ws`,
    WebSocket,
    credentials: identity,
    sendsCookies: token === undefined && pageOrigin() === new URL(url).origin,
    clock,
    random: Math.random,
    surroundings: readSurroundings(),
  })
  const { me } = identity
  const rooms = createRooms({ api, connection, storage, me, now: clock.now })
  const stopTelling = connection.onTold((frame) => emitTold(emit, frame))

  function onEnded(error: ParleyError): void {
    connection.end("session")
    emit("session.ended", { error })
  }

  /** What is open is the last account's. */
  async function changingAccount<T>(change: () => Promise<T>): Promise<T> {
    connection.stop()
    return change()
  }

  return {
    api,
    me,
    restore: identity.restore,
    register: (account) => changingAccount(() => identity.register(account)),
    login: (who) => changingAccount(() => identity.login(who)),
    logout: () => changingAccount(identity.logout),
    connect() {
      if (WebSocket === undefined) throw new TypeError("give a WebSocket: there is none here")
      connection.start()
    },
    disconnect: connection.stop,
    connection: connection.state,
    rooms: rooms.rooms,
    isReady: rooms.isReady,
    room: rooms.room,
    presence: rooms.presence,
    setStatus: rooms.setStatus,
    on,
    async close() {
      stopTelling()
      connection.stop()
      await rooms.close()
      await storage.close()
    },
  }
}

const identify = (deps: SessionDeps, token: ClientOptions["token"]): Identity =>
  token === undefined ? createSession(deps) : createAppToken({ ...deps, token })

function serverOf({ url = pageOrigin() }: ClientOptions): string {
  if (url === undefined || !/^https?:/.test(new URL(url).protocol)) {
    throw new TypeError("give the server's url, as https://chat.example")
  }
  return url.replace(/\/+$/, "")
}
