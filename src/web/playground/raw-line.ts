import { isFields } from "../../protocol/json"
import { nameOf } from "./frame-log"
import type { Heard, OpenLine } from "./line"

/** A plain WebSocket, whose frames are text. */
export const openRawLine: OpenLine = ({ url, subprotocol }, events) => {
  const socket = new WebSocket(url, subprotocol === undefined ? [] : [subprotocol])
  let isRefused = true
  socket.onopen = () => {
    isRefused = false
    events.onOpen()
  }
  socket.onmessage = ({ data }) => events.onHeard(heard("in", String(data)))
  socket.onclose = ({ code, reason }) =>
    events.onEnd({ kind: "websocket", code, reason, isRefused })

  return {
    send(outgoing) {
      if (outgoing.kind !== "frame") return
      socket.send(outgoing.text)
      events.onHeard(heard("out", outgoing.text))
    },
    close: () => socket.close(1000),
  }
}

function heard(direction: Heard["direction"], text: string): Heard {
  const name = nameOf(text)
  return {
    direction,
    layer: "frame",
    name,
    text,
    isTrouble: direction === "in" && name === "error",
    content: read(text),
  }
}

function read(text: string): unknown {
  try {
    const content: unknown = JSON.parse(text)
    return isFields(content) ? content : undefined
  } catch {
    return undefined
  }
}
