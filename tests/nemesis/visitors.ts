import { moved } from "../support/moved"
import type { Person } from "../support/people"
import type { PresenceSight } from "./check-live"
import { keepOpen, type OpenLine } from "./line"

/** Somebody who is in the room of presence, or is not, and hears who else is. */
export interface Visitor {
  readonly person: Person
  readonly isThere: boolean
  readonly node: string | null
  /** Where it is, or was the last time. */
  readonly lastNode: string | null
  come(): void
  go(): void
  /** Is gone when its connection is, instead of coming back at once. */
  comesBack: boolean
  /** What it was last told of others on this connection, by user id. */
  readonly told: ReadonlyMap<string, string>
}

/** `roomId`: where all of them are members, and nobody is who is no visitor. */
export function createVisitor(person: Person, roomId: string, address: () => string): Visitor {
  let line: OpenLine | null = null
  let told = new Map<string, string>()
  let lastNode: string | null = null

  function go(): void {
    line?.close()
    line = null
  }

  const visitor = {
    person,
    comesBack: true,
    get isThere() {
      return line !== null
    },
    get node() {
      return line?.node ?? null
    },
    get lastNode() {
      return lastNode
    },
    get told() {
      return told
    },
    come() {
      if (line !== null) return
      const mine = keepOpen({
        person,
        address,
        hear: ({ type, data }) => {
          if (type === "presence") told.set(data.user_id, data.status)
        },
        opened: () => {
          told = new Map()
          lastNode = mine.node
        },
        lost: () => {
          if (!visitor.comesBack && line === mine) go()
        },
      })
      line = mine
      void mine.subscribe(roomId)
    },
    go,
  }
  return visitor
}

/**
 * What each node says of who is online and how many are in the room, and what each visitor was
 * told of the others. Throws when a node does not answer.
 */
export async function lookAround(
  after: string,
  { roomId, visitors, nodes, asker }: LookAround,
): Promise<PresenceSight[]> {
  const there = visitors.filter(({ isThere }) => isThere)
  const names = there.map(({ person }) => person.name).sort()
  const sights: PresenceSight[] = []
  for (const url of nodes) {
    const somebody = moved(asker, url)
    const online = await somebody.get(`/rooms/${roomId}/presence`)
    const room = await somebody.get(`/rooms/${roomId}`)
    if (online.status !== 200 || room.status !== 200) throw new Error(`${url} does not answer`)
    const where = `after ${after}, by ${url}`
    const told: string[] = online.body.map((it: { username: string }) => it.username)
    sights.push({ where: `${where}, online`, there: names, told: told.sort() })
    const count = (it: number) => [`${it} in the room`]
    sights.push({ where, there: count(names.length), told: count(room.body.user_count) })
  }
  return [...sights, ...there.map((watcher) => sightOf(watcher, visitors, after))]
}

interface LookAround {
  readonly roomId: string
  readonly visitors: readonly Visitor[]
  readonly nodes: readonly string[]
  readonly asker: Person
}

/** Of those only of whom it was told anything on this connection. */
function sightOf(watcher: Visitor, visitors: readonly Visitor[], after: string): PresenceSight {
  const others = visitors.filter((it) => it !== watcher && watcher.told.has(it.person.id))
  const namesOf = (these: readonly Visitor[]) =>
    these.map(({ person, lastNode }) => `${person.name} of ${lastNode}`)
  return {
    where: `after ${after}, as told to ${watcher.person.name} by ${watcher.node}`,
    there: namesOf(others.filter(({ isThere }) => isThere)),
    told: namesOf(others.filter(({ person }) => watcher.told.get(person.id) !== "offline")),
  }
}
