import { afterAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { OnlineStatus } from "../../src/cluster/presence"
import { createLinkedPresence, type LinkedPresence } from "../../src/cluster/presence.linked"
import type { RoomNumericId, UserNumericId } from "../../src/protocol/ids"
import { asRoomNumericId, asUserNumericId } from "../../src/protocol/ids"
import { createLinkHub, type HubLink } from "../support/link-hub"
import { profile } from "../support/profile"
import { turns } from "../support/turns"
import { waitUntil } from "../support/wait"

const USERS = [1, 2, 3].map(asUserNumericId)
const ROOMS = [1, 2].map(asRoomNumericId)
const seat = fc.nat({ max: 2 })
const user = fc.constantFrom(...USERS)
const room = fc.constantFrom(...ROOMS)

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("connect" as const), seat, user }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("disconnect" as const), seat, user }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("enter" as const), seat, user, room }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("exit" as const), seat, user, room }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("release" as const), seat, user }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("status" as const),
      seat,
      user,
      status: fc.constantFrom<OnlineStatus>("online", "away", "dnd"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), seat }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pause" as const), seat }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("comeBack" as const), seat }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "cut" as const,
        "mend" as const,
        "part" as const,
        "hold" as const,
        "let go" as const,
        "wait" as const,
      ),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** A node, and what a plain list of its connections says. */
interface Seat {
  link: HubLink
  presence: LinkedPresence
  connections: Map<UserNumericId, number>
  places: Map<string, number>
}

function createCluster() {
  const hub = createLinkHub()
  let instant = 1_000
  const now = () => ++instant

  function sit(): Seat {
    const link = hub.join()
    const presence = createLinkedPresence({ link, now, graceMs: 1, patienceMs: 5 })
    return { link, presence, connections: new Map(), places: new Map() }
  }

  const seats = [sit(), sit(), sit()]
  const at = (index: number): Seat => {
    const found = seats[index]
    if (found === undefined) throw new Error("there are three")
    return found
  }

  function leaveRooms(seat: Seat, user: UserNumericId): void {
    for (const room of ROOMS) {
      for (let left = seat.places.get(`${room}:${user}`) ?? 0; left > 0; left--) {
        seat.presence.exit(room, user)
      }
      seat.places.delete(`${room}:${user}`)
    }
  }

  async function take(it: Step): Promise<void> {
    switch (it.do) {
      case "connect": {
        const { presence, connections } = at(it.seat)
        presence.connect(profile(it.user))
        connections.set(it.user, (connections.get(it.user) ?? 0) + 1)
        return
      }
      case "disconnect": {
        const seat = at(it.seat)
        const count = seat.connections.get(it.user) ?? 0
        if (count === 1) leaveRooms(seat, it.user)
        seat.presence.disconnect(it.user)
        if (count > 1) seat.connections.set(it.user, count - 1)
        else seat.connections.delete(it.user)
        return
      }
      case "enter":
      case "exit": {
        const { presence, connections, places } = at(it.seat)
        if (!connections.has(it.user)) return
        const key = `${it.room}:${it.user}`
        const count = (places.get(key) ?? 0) + (it.do === "enter" ? 1 : -1)
        presence[it.do](it.room, it.user)
        if (count > 0) places.set(key, count)
        else places.delete(key)
        return
      }
      case "release":
        at(it.seat).presence.release(it.user)
        return
      case "status":
        if (at(it.seat).connections.has(it.user)) at(it.seat).presence.setStatus(it.user, it.status)
        return
      case "restart": {
        const { link, presence } = at(it.seat)
        presence.close()
        link.leave()
        seats[it.seat] = sit()
        return
      }
      case "pause":
        return at(it.seat).link.pause()
      case "comeBack":
        return at(it.seat).link.comeBack()
      case "cut":
        return hub.cut()
      case "mend":
        return hub.mend()
      case "part":
        return hub.part()
      case "hold":
        return hub.hold()
      case "let go":
        return hub.release()
      case "wait":
        return turns(3)
    }
  }

  /** Everything is as it should be, and whoever lingers has gone. */
  async function calm(): Promise<void> {
    hub.release()
    hub.mend()
    for (const { link } of seats) link.comeBack()
    hub.mend()
    await turns(10)
    for (const { presence } of seats) for (const it of USERS) presence.release(it)
    // As many graces and as much patience as it takes; all of it is over within some of them.
    await waitUntil("nobody lingers", () => seats.every(isCalm), 3_000)
    await turns(10)
  }

  const isCalm = ({ presence }: Seat) =>
    presence.count().users === [...presence.usersOnline()].length

  function close(): void {
    for (const { presence } of seats) presence.close()
  }

  return { seats, take, calm, close }
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((one, other) => one - other)

const viewOf = (presence: LinkedPresence) => ({
  count: presence.count(),
  online: sorted(presence.usersOnline()),
  statuses: USERS.map((it) => presence.statusOf(it)),
  rooms: ROOMS.map((it) => sorted(presence.usersIn(it))),
  counts: ROOMS.map((it) => presence.countIn(it)),
})

function modelOf(seats: readonly Seat[]) {
  const online = sorted(new Set(seats.flatMap(({ connections }) => [...connections.keys()])))
  const usersIn = (room: RoomNumericId) =>
    USERS.filter((it) => seats.some(({ places }) => places.has(`${room}:${it}`)))
  const rooms = ROOMS.map(usersIn)
  return {
    count: { users: online.length, rooms: rooms.filter(({ length }) => length > 0).length },
    online,
    rooms,
    counts: rooms.map(({ length }) => length),
  }
}

const failures: unknown[] = []
const note = (error: unknown) => failures.push(error)
process.on("unhandledRejection", note)
afterAll(() => {
  process.off("unhandledRejection", note)
})

describe("presence of three nodes", () => {
  test("given anything that may happen to people, nodes and words, once all is mended every node sees who is there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const cluster = createCluster()
        for (const it of steps) await cluster.take(it)
        await cluster.calm()

        const views = cluster.seats.map(({ presence }) => viewOf(presence))
        expect(views[0]).toMatchObject(modelOf(cluster.seats))
        expect(new Set(views.map((it) => JSON.stringify(it))).size).toBe(1)
        for (const { presence, connections } of cluster.seats) {
          expect(presence.countHere().users).toBe(connections.size)
        }
        cluster.close()
      }),
      { numRuns: 200 },
    )
    expect(failures).toEqual([])
  }, 60_000)
})
