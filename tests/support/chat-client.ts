import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client"
import type { Person } from "./people"

const TIMEOUT_MS = 10_000

type Options = Partial<ManagerOptions & SocketOptions>

/** An event as it came. */
export interface Heard {
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any event.
  readonly payload: any
}

/** A client of the namespace: the official one, of which every event is kept. */
export interface ChatClient {
  readonly socket: Socket
  readonly heard: readonly Heard[]
  /** Sends an event and waits for its acknowledgement. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any answer.
  ask(event: string, ...payload: readonly unknown[]): Promise<any>
  /** Sends an event that asks for no acknowledgement. */
  emit(event: string, ...payload: readonly unknown[]): void
  /** The next event of this name, from here on; others before it are skipped. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  next(event: string): Promise<any>
  /** All that is heard, and skipped, until nothing has come for so long. To show that nothing happened. */
  untilQuiet(quietMs?: number): Promise<readonly Heard[]>
  /** Why it was disconnected, in Socket.IO's words. */
  readonly disconnected: Promise<string>
  close(): void
}

export type Refused = Error & { readonly data?: { readonly statusCode: number } }

/** Opens a client with nothing but what is given. Rejects with its `connect_error`. */
export async function openChat(url: string, options: Options = {}): Promise<ChatClient> {
  const socket = io(`${url}/chat`, {
    forceNew: true,
    reconnection: false,
    transports: ["websocket"],
    ...options,
  })
  const client = keep(socket)
  const connected = Promise.withResolvers<void>()
  const timer = setTimeout(() => connected.reject(new Error("no answer came")), TIMEOUT_MS)
  socket.once("connect", () => connected.resolve())
  socket.once("connect_error", (error) => connected.reject(error))
  try {
    await connected.promise
  } catch (error) {
    client.close()
    throw error
  } finally {
    clearTimeout(timer)
  }
  return client
}

/** Opens a client of somebody, by `auth.token`. */
export const chatOf = (url: string, { token }: Person, options: Options = {}) =>
  openChat(url, { auth: { token }, ...options })

/** The `connect_error` of a client that must not get in. */
export async function refusalOf(url: string, options: Options = {}): Promise<Refused> {
  let client: ChatClient
  try {
    client = await openChat(url, options)
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  client.close()
  throw new Error("it got in")
}

function keep(socket: Socket): ChatClient {
  const heard: Heard[] = []
  const listeners = new Set<() => void>()
  const disconnected = Promise.withResolvers<string>()
  let read = 0
  socket.onAny((event: string, payload: unknown) => {
    heard.push({ event, payload })
    for (const listener of [...listeners]) listener()
  })
  socket.once("disconnect", (reason) => disconnected.resolve(reason))

  function find(event: string): Heard | undefined {
    while (read < heard.length) {
      const it = heard[read++]
      if (it?.event === event) return it
    }
    return undefined
  }

  return {
    socket,
    heard,
    ask: (event, ...payload) => socket.timeout(TIMEOUT_MS).emitWithAck(event, ...payload),
    emit: (event, ...payload) => {
      socket.emit(event, ...payload)
    },
    next(event) {
      const found = Promise.withResolvers<unknown>()
      const timer = setTimeout(() => {
        listeners.delete(look)
        found.reject(new Error(`${event} did not come; came: ${JSON.stringify(heard.slice(-5))}`))
      }, TIMEOUT_MS)
      function look(): void {
        const it = find(event)
        if (it === undefined) return
        clearTimeout(timer)
        listeners.delete(look)
        found.resolve(it.payload)
      }
      listeners.add(look)
      look()
      return found.promise
    },
    async untilQuiet(quietMs = 100) {
      const from = heard.length
      let seen = -1
      while (seen !== heard.length) {
        seen = heard.length
        await Bun.sleep(quietMs)
      }
      read = heard.length
      return heard.slice(from)
    },
    disconnected: disconnected.promise,
    close: () => {
      socket.disconnect()
    },
  }
}
