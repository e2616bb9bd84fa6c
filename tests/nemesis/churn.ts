import { moved } from "../support/moved"
import type { Answer, Person } from "../support/people"
import type { HeardChange, Silence } from "./check-live"
import { keepOpen } from "./line"
import type { Random } from "./random"
import type { Troubles } from "./troubles"

export interface ChurnOptions {
  /** Comes and goes. */
  readonly person: Person
  /** Lets them in, and removes them. */
  readonly owner: Person
  readonly roomId: string
  /** Where the person listens, asked at each try. */
  readonly address: () => string
  /** Where the owner asks, at each try another one. */
  readonly ownersAddress: () => string
  readonly random: Random
  readonly troubles: Troubles
}

/** Comes into a private room and goes, over and over: to hear nothing from going to coming. */
export interface Churn {
  readonly silences: readonly Silence[]
  readonly heard: readonly HeardChange[]
  /** Changes of the membership that were made, whatever became of the first try. */
  readonly changes: number
  readonly surprises: readonly string[]
  /** Ends when the change under way has been made. */
  stop(): Promise<void>
}

const STAY_MS = 400
const STAY_AWAY_MS = 600
const RETRY_MS = 100

export function startChurn(options: ChurnOptions): Churn {
  const { person, roomId, random, troubles } = options
  const silences: Silence[] = []
  const heard: HeardChange[] = []
  const surprises: string[] = []
  let changes = 0
  let isStopping = false

  const line = keepOpen({
    person,
    address: options.address,
    hear: (frame) => {
      if (frame.room_id !== roomId || frame.seq === undefined) return
      heard.push({ userId: person.id, roomId, seq: frame.seq, at: performance.now() })
    },
  })

  /** Until it is so. What an earlier try has done already is told by `known`. */
  async function insist(what: string, ask: (url: string) => Promise<Answer>, known: number) {
    for (let tries = 1; ; tries++) {
      const answer = await attempt(ask, options.ownersAddress())
      if (answer !== null && answer.status < 300) break
      if (tries > 1 && answer?.status === known) break
      if (answer !== null && answer.status !== 503) {
        surprises.push(`${what} ${person.name} was answered with ${answer.status}`)
        return
      }
      await Bun.sleep(RETRY_MS)
    }
    changes++
  }

  const path = `/rooms/${roomId}/members/${person.id}`
  const letIn = () => insist("letting in", (url) => moved(options.owner, url).put(path), 200)
  const remove = () => insist("removing", (url) => moved(options.owner, url).delete(path), 404)
  const leave = () =>
    insist("leaving of", (url) => moved(person, url).post(`/rooms/${roomId}/leave`), 404)

  async function live(): Promise<void> {
    while (!isStopping) {
      await letIn()
      await line.subscribe(roomId)
      await Bun.sleep(random.upTo(STAY_MS))
      const calledAt = performance.now()
      await (random.chance(0.7) ? remove() : leave())
      const returnedAt = performance.now()
      line.forget(roomId)
      // What was on its way to the socket when the call returned is before the answer to this.
      await line.ping()
      const from = troubles.silentFrom({ calledAt, returnedAt, pongAt: performance.now() })
      await Bun.sleep(random.upTo(STAY_AWAY_MS))
      silences.push({ userId: person.id, roomId, from, until: performance.now() })
    }
  }

  const life = live()
  return {
    silences,
    heard,
    surprises,
    get changes() {
      return changes
    },
    async stop() {
      isStopping = true
      await life
      line.close()
    },
  }
}

/** Null: nobody listens there, or the connection ended before an answer came. */
async function attempt(ask: (url: string) => Promise<Answer>, url: string): Promise<Answer | null> {
  try {
    return await ask(url)
  } catch {
    return null
  }
}
