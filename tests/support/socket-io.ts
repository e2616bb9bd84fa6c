import { type Socket, Server as SocketIo } from "socket.io"
import {
  type Socket as Client,
  io as connect,
  type ManagerOptions,
  type SocketOptions,
} from "socket.io-client"
import type { EngineOptions } from "../../src/wire/engine-io/server"
import { createParser } from "../../src/wire/socket-io/parser"
import { RoomlessAdapter } from "../../src/wire/socket-io/roomless-adapter"
import { startEngine } from "./engine"

const WAIT_MS = 10_000

/** The official server of Socket.IO on our engine, with our parser and adapter. */
export function startSocketIo(changes: Partial<EngineOptions> = {}) {
  const host = startEngine({ path: "/socket.io", ...changes })
  const io = new SocketIo({
    serveClient: false,
    connectTimeout: 300,
    parser: createParser({
      textBytesMax: 1_000_000,
      attachmentsMax: 10,
      attachmentBytesMax: 1_000_000,
      depthMax: 32,
    }),
    adapter: RoomlessAdapter,
  })
  io.bind(host.engine)
  const clients: Client[] = []
  return {
    ...host,
    io,
    open(namespace: string, options: Partial<ManagerOptions & SocketOptions> = {}): Client {
      const client = connect(`http://127.0.0.1:${host.port}${namespace}`, {
        forceNew: true,
        reconnectionDelay: 10,
        reconnectionDelayMax: 20,
        ...options,
      })
      clients.push(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect()
      await io.close()
      await host[Symbol.asyncDispose]()
    },
  }
}

/** What the event carries, the next time that it comes. */
export function heard(emitter: Client | Socket, event: string): Promise<unknown[]> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown[]>()
  const timer = setTimeout(() => reject(new Error(`${event} did not come`)), WAIT_MS)
  emitter.once(event, (...args: unknown[]) => {
    clearTimeout(timer)
    resolve(args)
  })
  return promise
}
