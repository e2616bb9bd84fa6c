import { upgradeRequest } from "./handshake"
import { waitUntil } from "./wait"

/** A client on bare TCP, which answers nothing and reads only while it is told to. */
export interface RawClient {
  /** What the server's text frames held. */
  readonly texts: readonly string[]
  /** How many pings came. */
  readonly pings: number
  /** The code of the close frame; null: none has come. */
  readonly closeCode: number | null
  /** The TCP connection has ended. */
  readonly isGone: boolean
  send(text: string): void
  stopReading(): void
  readOn(): void
  /** Reads what one read takes, which is up to some hundred KiB, and then nothing more. */
  readSome(): void
  cut(): void
}

const TEXT = 1
const CLOSE = 8
const PING = 9

/** Opens a WebSocket by hand, at an address as `http://…/api/v1/ws?token=…`. */
export async function openRawClient(address: string): Promise<RawClient> {
  const url = new URL(address)
  const texts: string[] = []
  let bytes = Buffer.alloc(0)
  let isOpen = false
  let isSipping = false
  const seen: { closeCode: number | null; pings: number; isGone: boolean } = {
    closeCode: null,
    pings: 0,
    isGone: false,
  }

  function take(chunk: Buffer): void {
    bytes = Buffer.concat([bytes, chunk])
    if (!isOpen) {
      const end = bytes.indexOf("\r\n\r\n")
      if (end === -1) return
      isOpen = true
      bytes = bytes.subarray(end + 4)
    }
    let read = 0
    for (let frame = frameAt(bytes, read); frame !== null; frame = frameAt(bytes, read)) {
      if (frame.opcode === TEXT) texts.push(frame.payload.toString())
      if (frame.opcode === PING) seen.pings++
      if (frame.opcode === CLOSE) seen.closeCode = frame.payload.readUInt16BE(0)
      read = frame.end
    }
    bytes = bytes.subarray(read)
  }

  const socket = await Bun.connect({
    hostname: url.hostname,
    port: Number(url.port),
    socket: {
      data(it, chunk) {
        take(chunk)
        if (isSipping) it.pause()
      },
      close: () => {
        seen.isGone = true
      },
    },
  })
  socket.write(upgradeRequest(url))
  await waitUntil("the socket opened", () => isOpen)

  return {
    texts,
    get pings() {
      return seen.pings
    },
    get closeCode() {
      return seen.closeCode
    },
    get isGone() {
      return seen.isGone
    },
    send: (text) => socket.write(maskedFrame(text)),
    stopReading: () => socket.pause(),
    readOn() {
      isSipping = false
      socket.resume()
    },
    readSome() {
      isSipping = true
      socket.resume()
    },
    cut: () => socket.terminate(),
  }
}

/** The server's frame that begins at the place; null: it is not all there. RFC 6455, 5.2. */
function frameAt(bytes: Buffer, start: number) {
  if (bytes.length < start + 2) return null
  const opcode = bytes.readUInt8(start) & 0x0f
  const short = bytes.readUInt8(start + 1)
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  const begin = start + 2 + extra
  if (bytes.length < begin) return null
  let length = short
  if (extra === 2) length = bytes.readUInt16BE(start + 2)
  if (extra === 8) length = Number(bytes.readBigUInt64BE(start + 2))
  if (bytes.length < begin + length) return null
  return { opcode, payload: bytes.subarray(begin, begin + length), end: begin + length }
}

/** A client's text frame. The mask is zero, which leaves the text as it is. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = Buffer.alloc(payload.length < 126 ? 6 : 8)
  head.writeUInt8(0x80 | TEXT, 0)
  if (payload.length < 126) {
    head.writeUInt8(0x80 | payload.length, 1)
  } else {
    head.writeUInt8(0x80 | 126, 1)
    head.writeUInt16BE(payload.length, 2)
  }
  return Buffer.concat([head, payload])
}
