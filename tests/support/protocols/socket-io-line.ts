import { io } from "socket.io-client"
import { createInbox } from "./inbox"
import { type Line, type OpenOptions, Refused } from "./speaker"

/** What is sent: an event, and whether it asks for an acknowledgement. */
interface Emitted {
  readonly event: string
  readonly payload?: unknown
  readonly asks?: boolean
}

export type Transport = "websocket" | "polling"

const CONNECTS_WITHIN_MS = 9_876

/**
 * Joins the namespace by the official client. An acknowledgement is a frame like others, its event
 * `ack <event>`. Errors: `Refused`, with `connect_error`'s status and message.
 */
export async function openSocketIoLine(
  { url, headers = {}, query = {}, auth }: Omit<OpenOptions, "place" | "user">,
  transport: Transport,
): Promise<Line> {
  const socket = io(`${url}/chat`, {
    forceNew: true,
    reconnection: false,
    transports: [transport],
    extraHeaders: headers,
    query,
    ...(auth === undefined ? {} : { auth }),
  })
  const inbox = createInbox()
  socket.onAny((event: string, payload: unknown) => inbox.push({ event, payload }))
  const closed = new Promise<string>((resolve) => socket.once("disconnect", resolve))
  const connected = Promise.withResolvers<void>()
  const timer = setTimeout(() => connected.reject(new Error("no answer came")), CONNECTS_WITHIN_MS)
  socket.once("connect", () => connected.resolve())
  socket.once("connect_error", (error: Error & { data?: { statusCode: number } }) => {
    connected.reject(new Refused(`${error.data?.statusCode ?? "no session"} ${error.message}`))
  })
  try {
    await connected.promise
  } catch (error) {
    socket.disconnect()
    throw error
  } finally {
    clearTimeout(timer)
  }

  return {
    frames: inbox.frames,
    moreThan: inbox.moreThan,
    send(frame) {
      const { event, payload, asks = false } = frame as Emitted
      const listeners = asks
        ? [(answer: unknown) => inbox.push({ event: `ack ${event}`, payload: answer })]
        : []
      socket.emit(event, payload, ...listeners)
    },
    sendRaw: (input) => {
      socket.io.engine.write(typeof input === "string" ? input : Buffer.from(input))
    },
    closed,
    close: () => {
      socket.disconnect()
    },
    // As far as the client lets us: the session ends, and the namespace is not left before.
    drop: () => {
      socket.io.engine.close()
    },
  }
}
