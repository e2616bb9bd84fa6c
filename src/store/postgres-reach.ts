import { isLost, NoConnection } from "./postgres-trouble"

/** Who asks while the database is away waits so long for it to be back, and is then refused. */
const PATIENCE_MS = 250

interface Reserved {
  release(): void
}

/**
 * Connections of a database that may be away. To find that out takes long where something stands
 * before it that accepts and then drops: so it is found out by one at a time, and while it is known
 * all others are refused soon. Nobody asks where nobody needs it, so there is nothing to stop.
 */
export function createReach<Connection extends Reserved>(open: () => Promise<Connection>) {
  let away: NoConnection | null = null
  let probe: Promise<void> | null = null

  /** Errors: `NoConnection`; others that Postgres refuses a connection with. */
  async function reserve(): Promise<Connection> {
    if (away !== null) throw away
    try {
      return await open()
    } catch (error) {
      throw heed(error)
    }
  }

  function heed(error: unknown): unknown {
    if (!isLost(error)) return error
    away = new NoConnection(error)
    return away
  }

  async function look(): Promise<void> {
    try {
      const connection = await open()
      away = null
      connection.release()
    } catch (error) {
      // Whoever refuses us is there, and tells each of us why.
      if (heed(error) !== away) away = null
    } finally {
      probe = null
    }
  }

  async function waitForIt(): Promise<void> {
    probe ??= look()
    let timer: Timer | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS)
    })
    await Promise.race([probe, patience])
    clearTimeout(timer)
    if (away !== null) throw away
  }

  return {
    /** Nothing to wait for, unless the database is known to be away. Errors: `NoConnection`. */
    ready: (): Promise<void> | undefined => (away === null ? undefined : waitForIt()),
    reserve,
    /** Resolves when nobody is looking for it. */
    settled: async (): Promise<void> => {
      await probe
    },
  }
}
