import { upgradeRequest } from "./handshake"
import { waitUntil } from "./wait"

/** An upgraded connection on which a test sends whatever bytes it likes. */
export interface RawSocket {
  send(bytes: Uint8Array): void
  /** Waits until the text has come or the connection is closed; or, for half a frame, so long. */
  heardOrClosed(text: string, withinMs: number): Promise<void>
  /** Ends the TCP connection without a word. */
  cut(): void
}

export async function openRawSocket(address: string, token: string): Promise<RawSocket> {
  const url = new URL(address)
  let text = ""
  let isClosed = false
  const socket = await Bun.connect({
    hostname: url.hostname,
    port: Number(url.port),
    socket: {
      open: () => undefined,
      data: (_socket, chunk) => {
        text += chunk.toString("latin1")
      },
      close: () => {
        isClosed = true
      },
      error: () => {
        isClosed = true
      },
    },
  })
  socket.write(upgradeRequest(url, { Authorization: `Bearer ${token}` }))
  await waitUntil("the connection is upgraded", () => text.includes("hello"))

  return {
    send: (bytes) => socket.write(bytes),
    heardOrClosed: (wanted, withinMs) =>
      // What is half a frame is waited for by the server as well, so hearing nothing is right too.
      waitUntil("it is over", () => isClosed || text.includes(wanted), withinMs).catch(
        () => undefined,
      ),
    cut: () => socket.terminate(),
  }
}
