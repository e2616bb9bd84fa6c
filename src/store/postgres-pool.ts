import { type ReservedSQL, SQL } from "bun"
import { LIMITS } from "../protocol/limits"
import { createGate } from "./gate"
import { createReach } from "./postgres-reach"
import { LostConnection } from "./postgres-trouble"

/** So long Postgres may take for one statement, and for one lock. */
const STATEMENT_MS = 10_000
const LOCK_MS = 5_000

/** So long a transaction may take as we see it: Postgres may have stopped answering at all. */
const TRANSACTION_MS = 12_000

/** Bun tries again within this time where a connection is closed before it is established. */
const CONNECT_SECONDS = 2

/** So long somebody waits for a connection. */
const WAIT_MS = 10_000

export interface PoolOptions {
  readonly url: string
  /** At least 3: one for messages, one for other writes, one for reads. */
  readonly connectionsMax: number
}

/** What a connection is asked for. Each has its own share, so that none starves the others. */
export type Purpose = "read" | "write" | "append"

export type Rows = readonly (readonly unknown[])[]

/**
 * A connection for as long as one transaction lasts. What is asked is sent at once, in order, and
 * not only after the answer to what was asked before.
 */
export interface Connection {
  /** Its failure is that of the queries after it. */
  begin(text: string): void
  query(text: string, parameters: readonly unknown[]): Promise<Rows>
  /** Resolves when it is durable. Throws: it is not, or, where the connection is lost, perhaps. */
  commit(): Promise<void>
  /** Ends what was begun, if it still is, and gives the connection back. */
  release(ending: "COMMIT" | "ROLLBACK"): void
}

export type Pool = ReturnType<typeof createPool>

/** Opens connections when they are needed, and anew after they were lost. */
export function createPool({ url, connectionsMax }: PoolOptions) {
  const client = new SQL({
    url,
    max: connectionsMax,
    connectionTimeout: CONNECT_SECONDS,
    connection: {
      application_name: "parley",
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: TRANSACTION_MS,
    },
  })
  const writers = Math.max(1, Math.floor((connectionsMax - 1) / 2))
  const bounds = { waitingMax: LIMITS.writeQueueMax, waitMs: WAIT_MS }
  const gates = {
    append: createGate({ ...bounds, slots: 1 }),
    write: createGate({ ...bounds, slots: writers }),
    read: createGate({ ...bounds, slots: Math.max(1, connectionsMax - 1 - writers) }),
  }

  const reach = createReach(() => client.reserve())
  let inUse = 0

  /** Errors: `overloaded`; `NoConnection`, and others of connecting. */
  async function connect(purpose: Purpose): Promise<Connection> {
    const gate = gates[purpose]
    // Outside of the gate: where it is away, nobody waits for those before them.
    await reach.ready()
    await gate.enter()
    inUse++
    const leave = () => {
      inUse--
      gate.leave()
    }
    try {
      return asConnection(await reach.reserve(), leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Lets what has begun come to its end: each transaction has a deadline. */
  async function close(): Promise<void> {
    while (inUse > 0) await Bun.sleep(1)
    await reach.settled()
    await client.close({ timeout: 1 })
  }

  return { client, connect, close }
}

function asConnection(reserved: ReservedSQL, leave: () => void): Connection {
  let begun: Promise<unknown> = Promise.resolve()
  let isOpen = false
  let isGivenUp = false
  const deadline = setTimeout(() => {
    isGivenUp = true
    void giveUp(reserved)
  }, TRANSACTION_MS)

  /** Sent now; answered after what was sent before. */
  async function answered<T>(query: Promise<T>): Promise<T> {
    // Of two that fail, the first says why.
    const [, outcome] = await Promise.allSettled([begun, query])
    if (isGivenUp) throw new LostConnection("no answer in time")
    await begun
    if (outcome.status === "fulfilled") return outcome.value
    throw outcome.reason
  }

  async function end(ending: "COMMIT" | "ROLLBACK"): Promise<void> {
    try {
      if (isOpen && !isGivenUp) await reserved.unsafe(ending)
    } catch {
      // Nothing hangs on it: the connection is gone, and its transaction with it.
      await giveUp(reserved)
    } finally {
      clearTimeout(deadline)
      reserved.release()
      leave()
    }
  }

  return {
    begin(text) {
      isOpen = true
      begun = reserved.unsafe(text).simple().execute()
      begun.catch(() => undefined)
    },
    query: (text, parameters) =>
      answered<Rows>(
        reserved
          .unsafe(text, [...parameters])
          .values()
          .execute(),
      ),
    async commit() {
      const ended: { readonly command: string } = await answered(
        reserved.unsafe("COMMIT").simple().execute(),
      )
      isOpen = false
      // So Postgres answers where a query before has failed.
      if (ended.command !== "COMMIT") throw new Error("a transaction that failed was committed")
    },
    release: (ending) => void end(ending),
  }
}

async function giveUp(reserved: ReservedSQL): Promise<void> {
  try {
    await reserved.close({ timeout: 0 })
  } catch {
    // It was closed already.
  }
}
