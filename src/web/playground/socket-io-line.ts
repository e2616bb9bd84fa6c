// By its own bundle: what its package names for bundlers draws in what only Node needs.
import { io } from "socket.io-client/dist/socket.io.js"
import { isFields } from "../../protocol/json"
import type { Ending, Heard, OpenLine } from "./line"

/** Engine.IO names its packets, and sends numbers. Source: engine.io-protocol v4, "Packet encoding". */
const PACKET_NUMBERS: Readonly<Record<string, string>> = {
  open: "0",
  close: "1",
  ping: "2",
  pong: "3",
  message: "4",
  upgrade: "5",
  noop: "6",
}

/** Socket.IO by its official client: what is heard are its events, and below them the packets. */
export const openSocketIoLine: OpenLine = (wishes, events) => {
  const socket = io(wishes.url, {
    auth: { ...wishes.auth },
    query: { ...wishes.query },
    transports: [...(wishes.transports ?? ["polling", "websocket"])],
    // A connection that ended is looked at, not replaced by another.
    reconnection: false,
    forceNew: true,
    autoConnect: false,
  })
  let hasEnded = false

  function end(ending: Omit<Extract<Ending, { kind: "socket.io" }>, "kind">): void {
    if (hasEnded) return
    hasEnded = true
    socket.disconnect()
    events.onEnd({ kind: "socket.io", ...ending })
  }

  socket.on("connect", () => events.onOpen())
  socket.on("connect_error", (error) =>
    end({ reason: error.message, status: statusOf(error), isRefused: true }),
  )
  socket.on("disconnect", (reason) => end({ reason, status: null, isRefused: false }))
  socket.onAny((name: string, ...args: unknown[]) => events.onHeard(said("in", name, args)))

  socket.connect()
  const { engine } = socket.io
  engine.on("packet", ({ type, data }) => events.onHeard(packet("in", type, data)))
  engine.on("packetCreate", ({ type, data }) => events.onHeard(packet("out", type, data)))

  return {
    send(outgoing, { wantsAck }) {
      if (outgoing.kind !== "event") return
      const { event, payload } = outgoing
      const args = payload === undefined ? [] : [payload]
      events.onHeard(said("out", event, args))
      if (!wantsAck) return void socket.emit(event, ...args)
      socket.emit(event, ...args, (...answer: unknown[]) => {
        if (!hasEnded) events.onHeard(said("in", `ack ${event}`, answer))
      })
    },
    close: () => void socket.disconnect(),
  }
}

function said(direction: Heard["direction"], name: string, args: readonly unknown[]): Heard {
  const [content] = args
  const isRefusal = isFields(content) && content.success === false
  return {
    direction,
    layer: "frame",
    name,
    text: args.length === 0 ? "" : args.map((it) => JSON.stringify(it)).join(" "),
    isTrouble: direction === "in" && (isRefusal || /^(error|message-error)$/.test(name)),
    content,
  }
}

const packet = (direction: Heard["direction"], type: string, data: unknown): Heard => ({
  direction,
  layer: "packet",
  name: type,
  text: `${PACKET_NUMBERS[type] ?? ""}${typeof data === "string" ? data : ""}`,
  isTrouble: false,
})

/** The server says with what status it refuses, beside the words. */
function statusOf(error: Error): number | null {
  const data: unknown = Reflect.get(error, "data")
  const status = isFields(data) ? data.statusCode : undefined
  return typeof status === "number" ? status : null
}
