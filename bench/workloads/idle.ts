import type { Bench, Workload } from "../bench"
import type { ChatServer, Seating } from "../chat-server"
import { type Floor, formatFigure, judge, type Verdict, verdictCells } from "../floor"
import { startLoadGenerator } from "../load-generator"
import { startParley } from "../parley"
import { bareBun, nodeWs, type Peer, socketIo, startPeer } from "../peers"
import { residentKiBOf } from "../process-usage"
import { native, type Protocol, socketIoRooms } from "../protocols"

const seating: Seating = { rooms: 60, connectionsPerRoom: 250, sendersPerRoom: 0, usersPerRoom: 1 }
const connections = seating.rooms * seating.connectionsPerRoom

// These stay open, so that what a server needs once, at its first clients, is not divided among
// the connections that are counted.
const firstConnectionsPerRoom = 4

const contenders: readonly { readonly protocol: Protocol; readonly floor: Floor }[] = [
  { protocol: native, floor: { kind: "at most", bound: 6, unit: " KiB" } },
  { protocol: socketIoRooms, floor: { kind: "at most", bound: 9, unit: " KiB" } },
]

/** What a connection costs that is only there: authenticated, in a room, silent. */
export const idle: Workload = {
  name: "idle",
  users: seating.rooms,
  measure: async (bench) => {
    const verdicts: Verdict[] = []
    const rows: string[][] = []
    for (const { protocol, floor } of contenders) {
      const parley = await weigh(await startParley(bench.seed, bench.folder, protocol), bench)
      const verdict = judge(floor, parley.kibPerConnection)
      verdicts.push(verdict)
      rows.push(figures(parley, verdict))
    }
    for (const peer of [bareBun, nodeWs, socketIo]) {
      rows.push(figures(await weigh(await startIdlePeer(peer, bench), bench)))
    }
    return {
      title: `${connections.toLocaleString("en-US")} idle authenticated connections, each in a room`,
      method:
        `Resident memory of the server before and after, each ${bench.pace.settleSeconds} s after ` +
        `the last connection was ready; ${seating.rooms * firstConnectionsPerRoom} connections ` +
        "were there before the first. Parley's belong to " +
        `${seating.rooms} users with ${seating.connectionsPerRoom} devices each. Sockets of ` +
        "Socket.IO, on both sides, have come by WebSocket alone.",
      tables: [
        {
          columns: ["server", "before MiB", "after MiB", "KiB per connection", "floor", ""],
          rows,
        },
      ],
      verdicts,
    }
  },
}

interface Weight {
  readonly name: string
  readonly beforeKiB: number
  readonly afterKiB: number
  readonly kibPerConnection: number
}

async function weigh(server: ChatServer, { pace }: Bench): Promise<Weight> {
  await using _ = server
  await using load = startLoadGenerator()
  const target = { port: server.port, marks: server.marks }
  const groups = await server.furnish(seating)
  const firstGroups = groups.map((group) => ({
    ...group,
    count: Math.min(group.count, firstConnectionsPerRoom),
  }))
  await load.connect({ ...target, groups: firstGroups })
  await Bun.sleep(pace.settleSeconds * 1000)
  const beforeKiB = residentKiBOf(server.pid)
  await load.connect({ ...target, groups })
  await Bun.sleep(pace.settleSeconds * 1000)
  const afterKiB = residentKiBOf(server.pid)
  const kibPerConnection = (afterKiB - beforeKiB) / connections
  return { name: server.name, beforeKiB, afterKiB, kibPerConnection }
}

// The length of a message matters to nobody here, for none is sent.
async function startIdlePeer(peer: Peer, { folder }: Bench): Promise<ChatServer> {
  return await startPeer(peer, { eventBytes: 0, folder })
}

function figures(weight: Weight, verdict?: Verdict): string[] {
  const mebibytes = (kib: number) => formatFigure(kib / 1024)
  const memory = [weight.name, mebibytes(weight.beforeKiB), mebibytes(weight.afterKiB)]
  if (verdict) return [...memory, ...verdictCells(verdict)]
  return [...memory, `${formatFigure(weight.kibPerConnection)} KiB`]
}
