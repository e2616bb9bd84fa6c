import { fileURLToPath } from "node:url"
import type { ChatServer, Seating } from "./chat-server"
import { type ConnectionGroup, type FrameMarks, TIME_MARK, TIME_SLOT } from "./loader/orders"
import { startServer } from "./server-process"

/** A server that does less than Parley: nothing is stored, nobody is authenticated. */
export interface Peer {
  readonly name: string
  readonly command: readonly string[]
  readonly path: string
  readonly marks: FrameMarks
  readonly steps: ConnectionGroup["steps"]
  /** What stands before and after the padding of a message that comes back as it was sent. */
  readonly head: string
  readonly foot: string
}

const eventHead = '{"type":"message.created","data":"'

export const bareBun: Peer = {
  name: "bare Bun",
  command: [process.execPath, scriptPath("bare-bun.ts")],
  path: "/ws",
  marks: { offset: '{"type":"me'.length, event: "s", refusals: [] },
  steps: [],
  head: eventHead,
  foot: '"}',
}

export const nodeWs: Peer = {
  ...bareBun,
  name: "Node ws",
  command: ["node", scriptPath("node-ws.mjs")],
}

/**
 * Engine.IO v4 and Socket.IO v5 in the raw: `40` joins the namespace and is answered `40{…}`,
 * events begin with `42`, a ping is `2`, its answer `3`. The message is a string, the cheapest.
 */
export const socketIo: Peer = {
  name: "Socket.IO on Node",
  command: ["node", scriptPath("socketio-node.mjs")],
  path: "/socket.io/?EIO=4&transport=websocket",
  marks: { offset: 1, event: "2", refusals: ["44"], ping: "2", pong: "3" },
  steps: [{ send: "40", answer: "40{" }],
  head: '42["message","',
  foot: '"]',
}

/** Starts a peer whose frames have `eventBytes`, the length that Parley's events have. */
export async function startPeer(
  peer: Peer,
  { eventBytes, folder }: { readonly eventBytes: number; readonly folder: string },
): Promise<ChatServer> {
  const server = await startServer({ command: peer.command, folder })
  return {
    ...server,
    name: peer.name,
    marks: peer.marks,
    acksPerMessage: 0,
    furnish: async (seating) => peerGroups(peer, seating, paddedMessage(peer, eventBytes)),
  }
}

function peerGroups(peer: Peer, seating: Seating, message: string): ConnectionGroup[] {
  const separator = peer.path.includes("?") ? "&" : "?"
  return Array.from({ length: seating.rooms }, (_, room) => {
    const path = `${peer.path}${separator}room=bench-${room}`
    const group = { path, headers: [], steps: peer.steps }
    const listeners = seating.connectionsPerRoom - seating.sendersPerRoom
    return [
      { ...group, count: seating.sendersPerRoom, message },
      { ...group, count: listeners },
    ]
  }).flat()
}

function paddedMessage({ head, foot }: Peer, eventBytes: number): string {
  const start = `${head}${TIME_MARK}${TIME_SLOT} `
  return start.padEnd(eventBytes - foot.length, ".") + foot
}

function scriptPath(name: string): string {
  return fileURLToPath(new URL(`peers/${name}`, import.meta.url))
}
