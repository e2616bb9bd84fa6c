import { connect } from "node:net"
import { parseEvents, type StreamEvent } from "./event-stream"

/** A client of an event stream on bare TCP, which reads only while it is told to. */
export interface RawStream {
  readonly events: readonly StreamEvent[]
  /** The TCP connection has ended. */
  readonly isGone: boolean
  stopReading(): void
  readOn(): void
  cut(): void
}

export function openRawStream(url: string, { token }: { readonly token: string }): RawStream {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ""
  let isGone = false
  socket.setEncoding("utf8")
  socket.on("data", (piece) => {
    text += piece
  })
  socket.on("close", () => {
    isGone = true
  })
  socket.on("error", () => undefined)
  socket.write(
    `GET /api/v1/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
  )
  return {
    get events() {
      return parseEvents(unchunked(text))
    },
    get isGone() {
      return isGone
    },
    stopReading: () => void socket.pause(),
    readOn: () => void socket.resume(),
    cut: () => void socket.destroy(),
  }
}

/** Our frames hold no line breaks, so a line of a chunk's length is told from them by its own. */
const unchunked = (text: string): string =>
  text.replace(/^[\s\S]*?\r\n\r\n/, "").replace(/(^|\r\n)[0-9a-f]+\r\n/g, "")
