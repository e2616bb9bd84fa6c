import type { Person } from "../support/people"

export interface LineOptions {
  readonly person: Person
  /** Where to connect, asked at each try. */
  readonly address: () => string
  // biome-ignore lint/suspicious/noExplicitAny: what is not as expected fails the check.
  readonly hear: (frame: any, node: string) => void
  /** Called with each connection that has opened. */
  readonly opened?: () => void
  readonly lost?: () => void
}

/** A native connection that is opened again whenever it ends, with the rooms it was subscribed to. */
export interface OpenLine {
  readonly node: string | null
  /** Resolves when it hears the room, or is told that it may not. */
  subscribe(roomId: string): Promise<void>
  /** Is not subscribed to again on the next connection. */
  forget(roomId: string): void
  /** Resolves when the answer has come, so after all that was sent before it. */
  ping(): Promise<void>
  close(): void
}

const RECONNECT_MS = 150
const RETRY_MS = 200
const CONNECT_WITHIN_MS = 4_000

export function keepOpen({ person, address, hear, opened, lost }: LineOptions): OpenLine {
  const rooms = new Set<string>()
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const waiting = new Map<number, { readonly text: string; readonly done: (frame: any) => void }>()
  let lastId = 0
  let ws: WebSocket | null = null
  let node: string | null = null
  let isClosed = false

  function connect(): void {
    if (isClosed) return
    const to = address()
    const mine = new WebSocket(`${to.replace("http", "ws")}/api/v1/ws`, {
      headers: { authorization: `Bearer ${person.token}` },
    })
    ws = mine
    const tooLate = setTimeout(() => mine.terminate(), CONNECT_WITHIN_MS)
    mine.onopen = () => {
      clearTimeout(tooLate)
      if (isClosed) return
      node = to
      for (const id of rooms) void subscribe(id)
      // What was asked on the connection before, and never answered.
      for (const { text } of waiting.values()) mine.send(text)
      opened?.()
    }
    mine.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data))
      const asked = waiting.get(frame.id)
      waiting.delete(frame.id)
      if (asked !== undefined) asked.done(frame)
      else if (ws === mine) hear(frame, to)
    }
    mine.onclose = () => {
      clearTimeout(tooLate)
      if (ws !== mine) return
      ws = null
      node = null
      lost?.()
      if (!isClosed) setTimeout(connect, RECONNECT_MS)
    }
  }

  async function subscribe(roomId: string): Promise<void> {
    rooms.add(roomId)
    while (rooms.has(roomId) && !isClosed) {
      const { type, data } = await ask("subscribe", { rooms: [{ room_id: roomId }] })
      const error = type === "error" ? data : data.rooms[0].error
      if (error?.code !== "overloaded") return
      await Bun.sleep(RETRY_MS)
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  function ask(type: string, data: object): Promise<any> {
    return new Promise((resolve) => {
      const id = ++lastId
      const text = JSON.stringify({ type, id, data })
      waiting.set(id, { text, done: resolve })
      if (node !== null) ws?.send(text)
    })
  }

  connect()
  return {
    get node() {
      return node
    },
    subscribe,
    forget: (roomId) => rooms.delete(roomId),
    async ping() {
      await ask("ping", {})
    },
    close() {
      isClosed = true
      ws?.close()
    },
  }
}
