import { asRoomId } from "../../../src/protocol/ids"
import type { House } from "../house"
import { NODES, openHouses } from "../houses"
import { person } from "../people"
import type { TestServerOptions } from "../server"
import { waitUntil } from "../wait"
import {
  type Credentials,
  createSpeaker,
  type Guest,
  type Line,
  type Place,
  type Protocol,
  type Speaker,
} from "./speaker"

/**
 * A server, and people who speak any protocol with it. Where there are two, each next person is at
 * home on the other one: that is where they ask by REST and connect first. Each further connection
 * of theirs goes to the other node than the one before.
 */
export interface Stage {
  /** The first of the nodes. */
  readonly house: House
  readonly nodes: readonly House[]
  /** Where somebody asks by REST. */
  homeOf(guest: Guest): House
  /** Settles when every node has heard what the others had told until now. */
  settle(): Promise<void>
  /** Settles when what each has counted holds on the others. */
  countsTold(): Promise<void>
  /** Somebody new; the name is theirs in this test alone. */
  guest(name: string): Promise<Guest>
  /** A public room of the first, the others its members. */
  room(owner: Guest, ...members: readonly Guest[]): Promise<Place>
  /** A private room of the first, the others its members. */
  privateRoom(owner: Guest, ...members: readonly Guest[]): Promise<Place>
  /** The direct room of two. */
  direct(one: Guest, other: Guest): Promise<Place>
  /** Where the protocol can be: a public room, or the direct one where it has no others. */
  placeFor(protocol: Protocol, one: Guest, other: Guest): Promise<Place>
  /** Connects somebody, and does not join. */
  connect(
    protocol: Protocol,
    guest: Guest,
    place: Place,
    options?: ConnectOptions,
  ): Promise<Speaker>
  /** Connects somebody who joins. Errors: `Refused`. */
  arrive(protocol: Protocol, guest: Guest, place: Place, options?: ConnectOptions): Promise<Speaker>
  /** The same, as soon as there is room: others may yet be going. */
  arrives(protocol: Protocol, guest: Guest, place: Place): Promise<Speaker>
  /** Closes all connections of the test. */
  clear(): void
  stop(): Promise<void>
}

export interface ConnectOptions extends Credentials {
  readonly answersPings?: boolean
  readonly hearsWhoIsOnline?: boolean
  /** Which node they connect to, if it must be this one: so many after their home. */
  readonly nodesAway?: number
}

const NO_LIMITS = {
  CHAT_MAX_FRAMES_PER_SEC: "0",
  CHAT_MAX_TYPING_PER_MIN: "0",
  CHAT_MAX_CONNECTIONS_PER_USER: "0",
}

export async function openStage({ env, ...options }: TestServerOptions = {}): Promise<Stage> {
  const { nodes, settle, countsTold } = await openHouses(NODES, {
    ...options,
    env: { ...NO_LIMITS, ...env },
  })
  const [house] = nodes
  if (house === undefined) throw new Error("PARLEY_TEST_NODES is the number of nodes")
  const names = new Map<string, string>()
  const homes = new Map<string, number>()
  const connections = new Map<string, number>()
  const lines: Line[] = []
  let guests = 0

  const nameOf = (id: string | number): string => names.get(String(id)) ?? `unknown ${id}`

  const nodeAt = (nth: number): House => nodes[nth % nodes.length] ?? house

  const homeOf = ({ id }: Guest): House => nodeAt(homes.get(id) ?? 0)

  /** Where the next connection of somebody goes. */
  function nextNode({ id }: Guest, nodesAway: number | undefined): House {
    const before = connections.get(id) ?? 0
    if (nodesAway === undefined) connections.set(id, before + 1)
    return nodeAt((homes.get(id) ?? 0) + (nodesAway ?? before))
  }

  const { store } = house

  async function placeOf(id: string): Promise<Place> {
    const room = await store.read(store.rooms.find(asRoomId(id)))
    if (room === null) throw new Error(`there is no room ${id}`)
    return { id, numericId: room.numericId }
  }

  async function makeRoom(type: string, owner: Guest, members: readonly Guest[]): Promise<Place> {
    const { body } = await owner.post("/rooms", { name: "a room", type })
    for (const { id } of members) await owner.put(`/rooms/${body.id}/members/${id}`)
    return placeOf(body.id)
  }

  async function direct(one: Guest, other: Guest): Promise<Place> {
    const { body } = await one.post("/conversations", { user_ids: [other.id] })
    return placeOf(body.id)
  }

  const room = (owner: Guest, ...members: readonly Guest[]) => makeRoom("public", owner, members)

  async function connect(
    protocol: Protocol,
    guest: Guest,
    place: Place,
    options: ConnectOptions = {},
  ): Promise<Speaker> {
    const { hearsWhoIsOnline = false, answersPings = true, nodesAway, ...credentials } = options
    const { url } = nextNode(guest, nodesAway)
    const user = protocol.hasRooms ? guest.id : guest.numericId
    const shown = hasAny(credentials)
      ? credentials
      : { headers: { authorization: `Bearer ${guest.token}` } }
    const line = await protocol.open({ url, place, user, answersPings, ...shown })
    lines.push(line)
    return createSpeaker({ protocol, line, guest, place, nameOf, hearsWhoIsOnline, settle })
  }

  async function arrive(
    protocol: Protocol,
    guest: Guest,
    place: Place,
    options?: ConnectOptions,
  ): Promise<Speaker> {
    const speaker = await connect(protocol, guest, place, options)
    await speaker.join()
    return speaker
  }

  return {
    house,
    nodes,
    homeOf,
    settle,
    countsTold,
    async guest(name) {
      const home = guests++ % nodes.length
      const somebody = await person(nodeAt(home).url, `${name}-${guests}`)
      homes.set(somebody.id, home)
      const numericId: number = (await somebody.get("/users/me")).body.numeric_id
      for (const id of [somebody.id, numericId, somebody.name]) names.set(String(id), name)
      return { ...somebody, numericId }
    },
    room,
    privateRoom: (owner, ...members) => makeRoom("private", owner, members),
    direct,
    placeFor: (protocol, one, other) => (protocol.hasRooms ? room(one, other) : direct(one, other)),
    connect,
    arrive,
    async arrives(protocol, guest, place) {
      let speaker: Speaker | null = null
      await waitUntil(`${guest.name} could come in`, async () => {
        speaker = await arrive(protocol, guest, place).catch(() => null)
        return speaker !== null
      })
      if (speaker === null) throw new Error("nobody came in")
      return speaker
    },
    clear() {
      for (const line of lines.splice(0)) line.close()
    },
    async stop() {
      for (const line of lines.splice(0)) line.close()
      // The first one's folder stands for the database of all.
      for (const node of nodes.toReversed()) await node.stop()
    },
  }
}

const hasAny = ({ headers, query, auth }: Credentials): boolean =>
  headers !== undefined || query !== undefined || auth !== undefined
