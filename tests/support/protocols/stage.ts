import { type House, openHouse } from "../house"
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

/** A server, and people who speak any protocol with it. */
export interface Stage {
  readonly house: House
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
}

const NO_LIMITS = {
  CHAT_MAX_FRAMES_PER_SEC: "0",
  CHAT_MAX_TYPING_PER_MIN: "0",
  CHAT_MAX_CONNECTIONS_PER_USER: "0",
}

export async function openStage({ env, ...options }: TestServerOptions = {}): Promise<Stage> {
  const house = await openHouse({ ...options, env: { ...NO_LIMITS, ...env } })
  const names = new Map<string, string>()
  const lines: Line[] = []
  let guests = 0

  const nameOf = (id: string | number): string => names.get(String(id)) ?? `unknown ${id}`

  const numberOf = (query: string): number => Number(house.rows(query)[0]?.numeric_id)

  async function placeOf(id: string): Promise<Place> {
    return { id, numericId: numberOf(`select numeric_id from rooms where id = '${id}'`) }
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
    { hearsWhoIsOnline = false, answersPings = true, ...credentials }: ConnectOptions = {},
  ): Promise<Speaker> {
    const { url } = house
    const user = protocol.hasRooms ? guest.id : guest.numericId
    const shown = hasAny(credentials)
      ? credentials
      : { headers: { authorization: `Bearer ${guest.token}` } }
    const line = await protocol.open({ url, place, user, answersPings, ...shown })
    lines.push(line)
    return createSpeaker({ protocol, line, guest, place, nameOf, hearsWhoIsOnline })
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
    async guest(name) {
      const somebody = await person(house.url, `${name}-${++guests}`)
      const numericId = numberOf(`select numeric_id from users where id = '${somebody.id}'`)
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
      await house.stop()
    },
  }
}

const hasAny = ({ headers, query, auth }: Credentials): boolean =>
  headers !== undefined || query !== undefined || auth !== undefined
