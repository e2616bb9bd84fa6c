import { type House, openHouse } from "./house"
import { type Person, person } from "./people"
import { changeRows } from "./rows"
import type { TestServerOptions } from "./server"
import type { TestSocket } from "./socket"

/** A server and the people of most tests about who may do what. */
export interface Cast extends House {
  /** Makes the rooms, so owns them. */
  readonly ann: Person
  /** A member. */
  readonly bob: Person
  /** Moderators. */
  readonly mia: Person
  readonly moe: Person
  /** In no room at all. */
  readonly eve: Person
  /** An admin of the server, in no room either. */
  readonly root: Person
  /** Another user; the name is made up. */
  stranger(): Promise<Person>
  /** A room of ann with bob, mia and moe in it: four joined, two made moderators, so head 6. */
  room(type?: "public" | "private"): Promise<CastRoom>
  headOf(room: { readonly id: string }): number
}

export interface CastRoom {
  readonly id: string
  readonly epoch: string
  readonly head: number
}

export async function openCast(options: TestServerOptions = {}): Promise<Cast> {
  const house = await openHouse(options)
  const [ann, bob, mia, moe, eve, root] = [
    await person(house.url, "ann"),
    await person(house.url, "bob"),
    await person(house.url, "mia"),
    await person(house.url, "moe"),
    await person(house.url, "eve"),
    await person(house.url, "root"),
  ]
  changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  let strangers = 0
  return {
    ...house,
    ann,
    bob,
    mia,
    moe,
    eve,
    root,
    stranger: () => person(house.url, `stranger-${++strangers}`),
    async room(type = "public") {
      const { id } = (await ann.post("/rooms", { name: "general", type })).body
      for (const member of [bob, mia, moe]) await ann.put(`/rooms/${id}/members/${member.id}`)
      for (const moderator of [mia, moe]) {
        await ann.put(`/rooms/${id}/members/${moderator.id}`, { role: "moderator" })
      }
      return (await ann.get(`/rooms/${id}`)).body
    },
    headOf: ({ id }) => Number(house.rows(`select head from rooms where id = '${id}'`)[0]?.head),
  }
}

/** What a socket has been told of rooms since it was last asked, in short: `member.left 7`. */
export async function toldInShort(socket: TestSocket): Promise<string[]> {
  await socket.framesUntilQuiet()
  const told: string[] = []
  const isTold = ({ id, type }: { id?: unknown; type: string }) =>
    id === undefined && type !== "hello"
  for (const { type, seq } of socket.frames.slice(alreadyAsked.get(socket) ?? 0).filter(isTold)) {
    if (type !== "presence") told.push(seq === undefined ? type : `${type} ${seq}`)
  }
  alreadyAsked.set(socket, socket.frames.length)
  return told
}

const alreadyAsked = new WeakMap<TestSocket, number>()
