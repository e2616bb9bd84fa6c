import type { WebSocket } from "ws"
import type { Person } from "./people"
import { waitUntil } from "./wait"

/** Any frame of `room-commands`: `{type, data}`, or a flat object of what happened in a room. */
export interface ChatFrame {
  readonly type: string
  // Frames are looked into by assertions, which fail on what is not there.
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any frame.
  readonly [field: string]: any
}

// By its file: Bun puts a WebSocket of its own in place of the package's name.
const PACKAGE = "../../node_modules/ws/wrapper.mjs"

/** Whoever waited for so long is told what did come: the assertion shows it. */
const WAIT_MS = 10_000

/**
 * The JavaScript client of the document of `room-commands`, on the `ws` package: its methods and
 * its way to connect are as they are printed there. What a test needs is added below.
 */
export class ChatClient {
  ws: WebSocket | null = null
  currentRoom: string | null = null
  readonly frames: ChatFrame[] = []
  pings = 0
  closeCode: number | null = null
  private read = 0

  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** Rejects with the client's own words where the upgrade is refused. */
  async connect(): Promise<void> {
    const { default: Client } = (await import(PACKAGE)) as { default: typeof WebSocket }
    const ws = new Client(this.url, [], { headers: this.headers })
    this.ws = ws
    ws.onmessage = (event) => this.frames.push(JSON.parse(String(event.data)))
    ws.onclose = ({ code }) => {
      this.closeCode = code
    }
    ws.on("ping", () => this.pings++)
    await new Promise<void>((resolve, reject) => {
      ws.onopen = () => resolve()
      ws.onerror = ({ message }) => reject(new Error(message))
    })
  }

  createRoom(name: string, type = "public", maxUsers = 100): void {
    this.send("create_room", { name, type, max_users: maxUsers })
  }

  listRooms(type: string | null = null): void {
    this.send("list_rooms", { type })
  }

  joinRoom(roomId: string): void {
    this.send("join_room", { room_id: roomId })
    this.currentRoom = roomId
  }

  leaveRoom(): void {
    this.send("leave_room", {})
    this.currentRoom = null
  }

  sendMessage(content: string): void {
    if (this.currentRoom === null) throw new Error("Not in a room")
    this.send("send_message", { type: "text", content, room_id: this.currentRoom })
  }

  send(type: string, data: unknown): void {
    this.sendText(JSON.stringify({ type, data }))
  }

  sendText(text: string | Uint8Array): void {
    this.ws?.send(text)
  }

  /** The next frame from here on, whatever it is. */
  async next(): Promise<ChatFrame> {
    await waitUntil("a frame came", () => this.frames.length > this.read)
    const frame = this.frames[this.read++]
    if (frame === undefined) throw new Error("a frame has vanished")
    return frame
  }

  /** The next frame of this type from here on; others before it are skipped. */
  async nextOf(type: string): Promise<ChatFrame> {
    for (;;) {
      const frame = await this.next()
      if (frame.type === type) return frame
    }
  }

  /**
   * All further frames. As many as are expected are waited for, however long they take; then,
   * to show that nothing else happened, until none has come for a while.
   */
  async rest(expected: number, quietMs = 60): Promise<readonly ChatFrame[]> {
    const least = this.read + expected
    const deadline = performance.now() + WAIT_MS
    while (this.frames.length < least && this.closeCode === null && performance.now() < deadline) {
      await Bun.sleep(5)
    }
    for (let seen = -1; seen !== this.frames.length; ) {
      seen = this.frames.length
      await Bun.sleep(quietMs)
    }
    const from = this.read
    this.read = this.frames.length
    return this.frames.slice(from)
  }

  async closed(): Promise<number> {
    await waitUntil("it was closed", () => this.closeCode !== null)
    return this.closeCode ?? 0
  }

  close(): void {
    this.ws?.close()
  }
}

/** The person, connected by the document's client. */
export async function chatClient(url: string, { token }: Person): Promise<ChatClient> {
  const address = `${url.replace("http", "ws")}/ws/chat`
  const client = new ChatClient(address, { Authorization: `Bearer ${token}` })
  await client.connect()
  return client
}
