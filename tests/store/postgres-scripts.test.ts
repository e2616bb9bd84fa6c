import { describe, expect, test } from "bun:test"
import { SQL } from "bun"
import type { Connection, Pool } from "../../src/store/postgres-pool"
import { createScripts } from "../../src/store/postgres-scripts"
import type { Script } from "../../src/store/script"

const ended = () =>
  new SQL.PostgresError("the connection ended", {
    code: "ERR_POSTGRES_CONNECTION_CLOSED",
    detail: "",
    hint: "",
    severity: "",
  })

/** What Drizzle prepares, for a query that takes nothing and answers with no fields. */
const query = { queryString: "select 1", params: [], fields: [], all: () => [] }

/** The first `endedCount` connections that are asked for have ended without its being known. */
function createScriptsOn({ endedCount }: { readonly endedCount: number }) {
  let opened = 0
  let released = 0
  const connect: Pool["connect"] = async () => {
    const isEnded = opened++ < endedCount
    const connection: Connection = {
      begin: () => undefined,
      query: async () => {
        if (isEnded) throw ended()
        return [[]]
      },
      commit: async () => undefined,
      release: () => void released++,
    }
    return connection
  }
  const scripts = createScripts({
    pool: { connect },
    enterTurn: () => ({ take: async (task) => task(), leave: () => undefined }),
    tellAll: () => undefined,
    beforeCommit: null,
    onDoubt: () => undefined,
  })
  return {
    scripts,
    get released() {
      return released
    },
  }
}

function* count(): Script<number> {
  return (yield { query, values: {} }).length
}

function* countAndTell(): Script<{ readonly result: number; readonly events: [] }> {
  return { result: yield* count(), events: [] }
}

const outcomeOf = (task: Promise<unknown>) => task.catch((error) => error)

describe("scripts on connections that ended before they were used", () => {
  test("4 of them in a row cost a read nothing but time, and each is given back", async () => {
    const made = createScriptsOn({ endedCount: 4 })
    expect(await made.scripts.read(count())).toBe(1)
    expect(made.released).toBe(5)
  })

  test("4 of them in a row cost a write nothing but time, and each is given back", async () => {
    const made = createScriptsOn({ endedCount: 4 })
    expect(await made.scripts.write(countAndTell)).toBe(1)
    expect(made.released).toBe(5)
  })

  test("the fifth is not followed by another", async () => {
    for (const name of ["read", "write"] as const) {
      const { scripts } = createScriptsOn({ endedCount: 5 })
      const task = name === "read" ? scripts.read(count()) : scripts.write(countAndTell)
      expect(await outcomeOf(task)).toBeInstanceOf(SQL.PostgresError)
    }
  })
})
