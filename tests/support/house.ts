import { type Row, readEverything, readRows } from "./rows"
import { createScratch } from "./scratch"
import { startServer, type TestServer, type TestServerOptions } from "./server"

/** A server on a database file that the test may look into. */
export interface House extends TestServer {
  readonly path: string
  rows(query: string): readonly Row[]
  /** Every row of every table. */
  everything(): ReturnType<typeof readEverything>
}

/** Without the limits that many requests of one test would run into, but for those in `env`. */
const MANY_REQUESTS = {
  CHAT_HTTP_MAX_PER_MIN: "0",
  CHAT_AUTH_MAX_PER_MIN: "0",
  CHAT_MAX_MESSAGES_PER_MIN: "0",
  CHAT_MAX_JOINS_PER_MIN: "0",
  CHAT_MAX_ROOMS_PER_USER: "0",
  CHAT_MAX_UPLOADS_PER_MIN: "0",
}

export async function openHouse({ env, ...options }: TestServerOptions = {}): Promise<House> {
  const scratch = createScratch()
  const path = options.path ?? scratch.path("parley.db")
  const server = await startServer({ ...options, path, env: { ...MANY_REQUESTS, ...env } })
  return {
    ...server,
    path,
    rows: (query) => readRows(path, query),
    everything: () => readEverything(path),
    async stop(how) {
      await server.stop(how)
      scratch.remove()
    },
  }
}
