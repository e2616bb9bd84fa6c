import { SQL } from "bun"
import { createDatabaseMender } from "./mended-database"

const TEMPLATE = "parley_template"

/** A test's own, with nothing in it that another test has left. */
export interface TestDatabase {
  readonly url: string
  /** Takes it away, with all connections to it; or empties it for the next, where nobody is left. */
  drop(): Promise<void>
}

export interface FreshDatabases {
  /** A database that nobody else uses, as `prepare` has made it. */
  freshDatabase(): Promise<TestDatabase>
  /** One without a table in it. */
  emptyDatabase(): Promise<TestDatabase>
}

interface FreshDatabasesOptions {
  readonly urlOf: (database: string) => string
  /** What each fresh database starts from: called once, with the address of an empty one. */
  readonly prepare: ((url: string) => Promise<void>) | undefined
  /**
   * One is made ahead while tests use the one before, and what a test has left behind is emptied
   * for another one: to make a database takes as long as a whole test.
   */
  readonly isCareless: boolean
}

/** Databases of a PostgreSQL that tests have for themselves. */
export function createFreshDatabases({
  urlOf,
  prepare,
  isCareless,
}: FreshDatabasesOptions): FreshDatabases {
  let templateMade: Promise<void> | undefined
  let ahead: Promise<string> | undefined
  let count = 0
  const mender = createDatabaseMender(urlOf)
  /** Names of those that are as good as new. */
  const mended: string[] = []

  /** Over a connection of its own: the server may have been away since the last time. */
  async function administer(...statements: readonly string[]): Promise<void> {
    const sql = new SQL(urlOf("postgres"), { max: 1 })
    try {
      for (const statement of statements) await sql.unsafe(statement)
    } finally {
      await sql.close()
    }
  }

  async function makeTemplate(): Promise<void> {
    await administer(`CREATE DATABASE ${TEMPLATE}`)
    await prepare?.(urlOf(TEMPLATE))
    if (isCareless) await mender.learn(TEMPLATE)
    await administer(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`)
  }

  async function make(): Promise<string> {
    templateMade ??= makeTemplate()
    await templateMade
    return mended.pop() ?? (await makeFrom(TEMPLATE))
  }

  async function makeFrom(template: string): Promise<string> {
    const name = `parley_${++count}`
    await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    return name
  }

  const dropNamed = (name: string) => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)

  async function mendOrDrop(name: string): Promise<void> {
    if (await mender.mend(name)) mended.push(name)
    else await dropNamed(name)
  }

  return {
    async freshDatabase() {
      const mine = ahead ?? make()
      // Taken at once: whoever asks meanwhile gets another one.
      ahead = undefined
      const name = await mine
      if (isCareless && ahead === undefined && mended.length === 0) {
        ahead = make()
        // Whoever asks for it next is told what went wrong.
        ahead.catch(() => undefined)
      }
      let isDropped = false
      return {
        url: urlOf(name),
        async drop() {
          if (isDropped) return
          // By then it may be somebody else's.
          isDropped = true
          await (isCareless ? mendOrDrop(name) : dropNamed(name))
        },
      }
    },
    async emptyDatabase() {
      const name = await makeFrom("template0")
      return { url: urlOf(name), drop: () => dropNamed(name) }
    },
  }
}
