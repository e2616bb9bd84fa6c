import { io, type Socket } from "socket.io-client"
import type { Person } from "../support/people"
import type { Stretch } from "./check-live"

/** Somebody who listens to one room by another protocol, and comes back when they are cut off. */
export interface Listener {
  readonly roomId: string
  readonly stretches: readonly Stretch[]
  /** In the room, as far as it knows. */
  readonly isThere: boolean
  /** The node that it is connected to. */
  readonly node: string | null
  /** The last message heard, on this connection. */
  readonly lastId: string | undefined
  close(): void
}

export interface ListenerOptions {
  readonly person: Person
  readonly roomId: string
  /** Where to connect, asked at each try. */
  readonly address: () => string
}

const RECONNECT_MS = 200
const CONNECT_WITHIN_MS = 4_000

interface Visit extends Stretch {
  ids: string[]
  isOpen: boolean
  readonly node: string
}

interface Line {
  close(): void
}

/** `open` says what came by three calls, and may do so in any order and as often as it likes. */
function createListener(
  protocol: string,
  { person, roomId, address }: ListenerOptions,
  open: (node: string, told: { joined(): void; heard(id: string): void; gone(): void }) => Line,
): Listener {
  const visits: Visit[] = []
  let current: Visit | null = null
  let line: Line | null = null
  let isClosed = false

  function visit(): void {
    if (isClosed) return
    const node = address()
    const here: Visit = { protocol, userId: person.id, roomId, node, ids: [], isOpen: false }
    let isGone = false
    const gone = () => {
      if (isGone) return
      isGone = true
      clearTimeout(timer)
      here.isOpen = false
      if (current === here) current = null
      mine.close()
      if (!isClosed) setTimeout(visit, RECONNECT_MS)
    }
    const timer = setTimeout(gone, CONNECT_WITHIN_MS)
    current = here
    visits.push(here)
    const mine = open(node, {
      joined() {
        clearTimeout(timer)
        here.isOpen = !isGone
      },
      heard(id) {
        if (!isGone) here.ids.push(id)
      },
      gone,
    })
    line = mine
  }

  visit()
  return {
    roomId,
    get stretches() {
      return visits
    },
    get isThere() {
      return current?.isOpen === true
    },
    get node() {
      return current?.isOpen === true ? current.node : null
    },
    get lastId() {
      return current?.ids.at(-1)
    },
    close() {
      isClosed = true
      line?.close()
    },
  }
}

/** By room-path: the newest messages first of all, then each as it is said. */
export const listenByRoomPath = (options: ListenerOptions): Listener =>
  createListener("room-path", options, (node, { joined, heard, gone }) => {
    const { person, roomId } = options
    const address = `${node.replace("http", "ws")}/api/v1/ws/${roomId}/${person.id}`
    const ws = new WebSocket(address, { headers: { authorization: `Bearer ${person.token}` } })
    ws.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data))
      if (frame.type === "history") {
        for (const { id } of frame.messages) heard(id)
        joined()
      } else if (frame.id !== undefined) {
        heard(frame.id)
      }
    }
    ws.onclose = gone
    return { close: () => ws.terminate() }
  })

/** By socketio-rooms, with the official client. */
export const listenBySocketIo = (options: ListenerOptions): Listener =>
  createListener("socketio-rooms", options, (node, { joined, heard, gone }) => {
    const { person, roomId } = options
    const socket: Socket = io(`${node}/chat`, {
      forceNew: true,
      reconnection: false,
      transports: ["websocket"],
      auth: { token: person.token },
    })
    socket.on("connect", () => {
      socket.emit("joinRoom", { roomId }, (answer: { success: boolean }) => {
        if (answer.success) joined()
        else gone()
      })
    })
    socket.on("receiveMessage", ({ id }: { readonly id: string }) => heard(id))
    socket.on("connect_error", gone)
    socket.on("disconnect", gone)
    return {
      close: () => {
        socket.disconnect()
      },
    }
  })
