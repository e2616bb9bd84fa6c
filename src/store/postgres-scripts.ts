import { randomUUID } from "node:crypto"
import type { Connection, Pool } from "./postgres-pool"
import { isConflict, isCutOff, isLost } from "./postgres-trouble"
import { type Binding, planRows, type RowPlan } from "./row-plan"
import type { Executable, Script, Step } from "./script"
import type { TellAll } from "./telling"
import type { EnterTurn, Turn } from "./telling-turns"
import type { Written } from "./write-queue"

/** One state for all steps, and none of them can write. */
const BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

/**
 * Writers share this lock and do not notice it; the last attempt of one that others were always
 * faster than has it alone. A LOCK is no query: the state that a transaction sees is chosen
 * after it, so nobody can have changed it then. It ends with the transaction, and, unlike an
 * advisory lock of the session, it works behind a proxy that pools connections.
 */
export const SHARE_WRITING = 'LOCK TABLE "settings" IN ROW SHARE MODE'

const BEGIN_WRITE = `BEGIN ISOLATION LEVEL SERIALIZABLE; ${SHARE_WRITING}`

/**
 * Who is alone need not be watched. Postgres lets go of a transaction's locks a moment before it
 * counts it as over, and a serializable one that began in between was refused (seen under load).
 */
const BEGIN_ALONE = 'BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE "settings" IN EXCLUSIVE MODE'

/** Each step sees what is committed by then: the room's row, which is locked first, keeps order. */
const BEGIN_IN_ROOM = `BEGIN ISOLATION LEVEL READ COMMITTED; ${SHARE_WRITING}`

/** The last of them is alone. */
const ATTEMPTS = 5

const BACKOFF_MS = 4

export interface ScriptDeps {
  readonly pool: Pick<Pool, "connect">
  readonly enterTurn: EnterTurn
  readonly tellAll: TellAll
  /** Sent before each COMMIT; null: nothing. */
  readonly beforeCommit: string | null
  /** Something was committed that should have been told, or it was not: nobody knows. */
  readonly onDoubt: () => void
}

/** What Drizzle's prepared queries for Postgres hold. Internals: the version is pinned. */
interface PreparedParts {
  readonly queryString: string
  readonly params: readonly unknown[]
  readonly fields: Parameters<typeof planRows>[0]["fields"]
}

interface Plan extends RowPlan {
  readonly text: string
  /** Of each parameter, whether it is compared with, and not stored. */
  readonly areSought: readonly boolean[]
}

const plans = new WeakMap<Executable, Plan>()

function planOf(query: Executable): Plan {
  const known = plans.get(query)
  if (known !== undefined) return known
  // Drizzle keeps these to itself; every test of the store on Postgres would fail without them.
  const { queryString: text, params, fields } = query as unknown as PreparedParts
  const plan = { text, areSought: soughtIn(text, params.length), ...planRows({ params, fields }) }
  plans.set(query, plan)
  return plan
}

/** In doubt, as behind a SET with a query of its own, a parameter is taken for one to be stored. */
function soughtIn(text: string, count: number): readonly boolean[] {
  const from = /^(select|delete)\b/i.test(text)
    ? 0
    : /^update\b/i.test(text)
      ? text.lastIndexOf(" where ")
      : -1
  const isSought = (number: number) => from >= 0 && text.search(`\\$${number}(?!\\d)`) > from
  return Array.from({ length: count }, (_, index) => isSought(index + 1))
}

/**
 * Postgres refuses to compare with a text that holds NUL, which none of its own does. Whoever
 * looks for one is to find nothing, as in SQLite: what nobody can have stored stands in for it.
 * What is to be stored is left as it is, and refused.
 */
const NOWHERE = `\u{FFFF}${randomUUID()}`

const sought = (parameter: Binding): Binding =>
  typeof parameter === "string" && parameter.includes("\0") ? NOWHERE : parameter

async function run({ query, values }: Step, connection: Connection): Promise<readonly unknown[]> {
  const { text, areSought, bindings, toObject } = planOf(query)
  const parameters = bindings.map((bind, index) =>
    areSought[index] === true ? sought(bind(values)) : bind(values),
  )
  const rows = await connection.query(text, parameters)
  return rows.map(toObject)
}

/** Runs scripts step by step, each in a transaction on a connection of its own. */
export function createScripts({ pool, enterTurn, tellAll, beforeCommit, onDoubt }: ScriptDeps) {
  /** The answer does not wait for the end of the transaction, which has nothing to say. */
  async function read<T>(script: Script<T>): Promise<T> {
    const first = script.next()
    if (first.done) return first.value
    const { connection, rows } = await beginReading(first.value)
    try {
      let next = script.next(rows)
      while (!next.done) next = script.next(await run(next.value, connection))
      return next.value
    } finally {
      connection.release("COMMIT")
    }
  }

  /**
   * A connection may have ended since it was used last; that is found out by the first query. The
   * next one may have ended with it, and the news of that may still be on its way.
   */
  async function beginReading(step: Step) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await tryReading(step)
      } catch (error) {
        if (attempt === ATTEMPTS || !isCutOff(error)) throw error
      }
      await Bun.sleep(BACKOFF_MS * attempt)
    }
  }

  async function tryReading(step: Step) {
    const connection = await pool.connect("read")
    try {
      connection.begin(BEGIN_READ)
      return { connection, rows: await run(step, connection) }
    } catch (error) {
      connection.release("ROLLBACK")
      throw error
    }
  }

  /**
   * As if nobody else wrote at the same time: who is in somebody's way is undone and tried again,
   * at last alone.
   */
  async function write<T>(script: () => Script<Written<T>>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const progress = { isCommitting: false }
      try {
        return await tryWriting(script, attempt < ATTEMPTS ? BEGIN_WRITE : BEGIN_ALONE, progress)
      } catch (error) {
        const isEarly = !progress.isCommitting && isCutOff(error)
        if (attempt === ATTEMPTS || !(isEarly || isConflict(error))) throw error
      }
      await Bun.sleep(BACKOFF_MS * (1 + Math.random() * 2 ** attempt))
    }
  }

  const writeInRoom = <T>(script: () => Script<Written<T>>): Promise<T> =>
    tryWriting(script, BEGIN_IN_ROOM, { isCommitting: false })

  async function tryWriting<T>(
    script: () => Script<Written<T>>,
    begin: string,
    progress: { isCommitting: boolean },
  ): Promise<T> {
    const { written, turn } = await transact(script, begin, progress)
    // Without the connection: others in other nodes may have to be waited for.
    await (await turn.take(() => ({ arrival: tellAll(written.events) }))).arrival
    return written.result
  }

  async function transact<T>(
    script: () => Script<Written<T>>,
    begin: string,
    progress: { isCommitting: boolean },
  ): Promise<{ readonly written: Written<T>; readonly turn: Turn }> {
    const connection = await pool.connect("write")
    try {
      connection.begin(begin)
      const steps = script()
      let next = steps.next()
      while (!next.done) next = steps.next(await run(next.value, connection))
      const turn = enterTurn(next.value.events)
      try {
        progress.isCommitting = true
        const before = beforeCommit === null ? undefined : connection.query(beforeCommit, [])
        await Promise.all([before, connection.commit()])
      } catch (error) {
        turn.leave()
        if (isLost(error) && next.value.events.length > 0) onDoubt()
        throw error
      }
      return { written: next.value, turn }
    } finally {
      connection.release("ROLLBACK")
    }
  }

  return { read, write, writeInRoom }
}

export type Scripts = ReturnType<typeof createScripts>
