import { dirname, join, normalize } from "node:path"

/** What opens a database that may be either. Tests that come by it say something of both. */
const OPENER = "tests/support/databases.ts"

/** Where people speak any protocol with one server or two. */
const STAGE = "tests/support/protocols/stage.ts"

/**
 * Left out where tests are run on PostgreSQL: files of tests that come by a database, and why
 * what they say is said of SQLite, or has nothing to do with either. What is asked of a database
 * there is asked of both by other files.
 */
const ON_SQLITE_ONLY: readonly (readonly [start: string, reason: string])[] = [
  ["tests/store/sqlite", "how SQLite's file is written and read"],
  ["tests/store/migrations", "how SQLite's file is brought up to date"],
  ["tests/store/trouble", "what SQLite says when a disk is full or a file is locked"],
  ["tests/store/write-queue", "how writes share a commit of SQLite"],
  ["tests/stories/disk-trouble", "a disk that is full under SQLite's file"],
  ["tests/regressions/040-", "a join in one commit of SQLite (else: sockets/shown-out-at-once)"],
  ["tests/regressions/070-", "a send in one commit of SQLite (else: sockets/shown-out-at-once)"],
  ...["tests/store/postgres", "tests/store/databases", "tests/store/gate", "tests/stories/nul"].map(
    (start) => [start, "has a PostgreSQL of its own, also in the run on SQLite"] as const,
  ),
  ...["expiry", "link-previews", "scheduling", "search", "uploads", "retries", "state-and"].map(
    (noun) => [`tests/core/${noun}`, "asked of both databases, in the run on SQLite"] as const,
  ),
  ["tests/regressions/092-", "asked of both databases, in the run on SQLite"],
  ...["tests/cluster/nodes", "tests/regressions/090-", "tests/regressions/091-"].map(
    (start) => [start, "nodes on a PostgreSQL of their own, also in the run on SQLite"] as const,
  ),
  ["tests/core/presence.cluster", "clocks that stand still, for which no database answers in time"],
  ["tests/core/mending", "clocks that stand still, for which no database answers in time"],
  ["tests/dialects/conformance/", "told on two nodes, which share a PostgreSQL"],
  ["tests/examples.test.ts", "examples, whose tokens are made by commands on DATA_DIR"],
  ["tests/stories/administration", "commands on the file in DATA_DIR"],
  ["tests/authorization/sweep", "that every route has a rule (who may what: authorization/rooms)"],
  ...[
    "gateway-events",
    "room-commands",
    "room-path",
    "socketio-rooms",
    "socketio-conversations",
  ].map(
    (dialect) =>
      [
        `tests/dialects/${dialect}.live`,
        "what one protocol alone says (what all say: dialects/conformance, on two nodes)",
      ] as const,
  ),
  ["tests/dialects/conformance/malformed", "frames that are refused before anything is looked up"],
  ["tests/dialects/conformance/rates", "what is counted in memory, and its refusals' words"],
  ["tests/dialects/gateway-events.hostile", "frames that are refused before they ask anything"],
  ["tests/deploy/", "what a balancer passes on, of a server with either database"],
  ["tests/client/", "the SDK, which knows no database, at a server with either"],
  ["tests/web/", "the web client, in a browser or by itself, of a server with either database"],
  ["tests/example-pages", "pages in a browser, of a server with either database"],
  ["tests/auth/external/tokens", "tokens of others, which are checked in memory"],
  ["tests/auth/external/jwks", "keys of others, which are kept in memory"],
  ["tests/http/headers", "what stands in every answer, whatever was asked of a database"],
  ["tests/http/pages", "files of the web client, for which no database is asked"],
  ["tests/http/rates", "what is counted in memory before a database is asked"],
  ["tests/sockets/slow-consumers", "what waits for clients, which is in memory"],
  ["tests/sockets/event-stream/ends", "how a stream ends, and what waits for it in memory"],
  ["tests/sockets/socket-io/ends", "how a session ends, which is in memory"],
  ["tests/sockets/asyncapi", "a document, held against golden frames"],
  ["tests/sockets/frame-rate", "what is counted in memory before a frame is read"],
  ["tests/sockets/sweep", "deadlines of open connections, which are in memory"],
  ["tests/sockets/socket-io/handshake", "how a session opens, before and beside who is looked up"],
  ["tests/cli/", "commands on the file in DATA_DIR"],
  ["tests/readme", "the README's session, which is on SQLite"],
  ["tests/documented", "how the tests hold answers against the documents"],
  ["tests/http/uploads-hostile", "bytes of files, which are in no database"],
  ["tests/sockets/close-codes", "how a client sees the end of a connection"],
  ["tests/regressions/061-", "frames that are refused unread"],
  ["tests/regressions/062-", "packets that are counted in memory"],
  ["tests/regressions/063-", "by which names a server answers"],
]

export interface Suite {
  /** Files of tests, from the root of the repository. */
  readonly files: readonly string[]
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[]
}

/** The files of tests that say something of PostgreSQL, found by what they import. */
export async function findPostgresSuite(): Promise<Suite> {
  const reaches = createReaches(OPENER)
  const suite: { files: string[]; leftOut: { file: string; reason: string }[] } = {
    files: [],
    leftOut: [],
  }
  for (const file of allTests()) {
    if (!(await reaches(file))) continue
    const reason = ON_SQLITE_ONLY.find(([start]) => file.startsWith(start))?.[1]
    if (reason === undefined) suite.files.push(file)
    else suite.leftOut.push({ file, reason })
  }
  return suite
}

/** The files of tests whose stories may be told to two nodes. */
export async function findNodesSuite(): Promise<readonly string[]> {
  const reaches = createReaches(STAGE)
  const files: string[] = []
  for (const file of allTests()) if (await reaches(file)) files.push(file)
  return files
}

const allTests = (): readonly string[] =>
  [...new Bun.Glob("tests/**/*.test.ts").scanSync(".")].sort()

/** Whether a file comes by another, by what it imports. */
function createReaches(target: string) {
  const transpiler = new Bun.Transpiler({ loader: "ts" })
  const known = new Map<string, Promise<boolean>>()

  /** Types are no way to a database: the transpiler has left their imports out. */
  async function look(file: string): Promise<boolean> {
    if (file === target) return true
    const text = await Bun.file(file).text()
    const imported = transpiler
      .scanImports(text)
      .filter(({ path }) => path.startsWith("."))
      .map(({ path }) => normalize(join(dirname(file), `${path}.ts`)))
    const ours = imported.filter((path) => path.startsWith("tests/"))
    for (const path of ours) {
      if ((await Bun.file(path).exists()) && (await reaches(path))) return true
    }
    return false
  }

  function reaches(file: string): Promise<boolean> {
    const found = known.get(file) ?? look(file)
    known.set(file, found)
    return found
  }
  return reaches
}

/** Files whose tests mostly wait for programs that they start: servers, databases, browsers. */
const STARTS_PROGRAMS =
  /^tests\/(nemesis|cluster|cli|stories|deploy|store|ops|web)\/|^tests\/[^/]+\.test\.ts$/

/** All files of tests, in two parts that take about as long. */
export function splitSuite(): readonly [readonly string[], readonly string[]] {
  const all = [...new Bun.Glob("tests/**/*.test.ts").scanSync(".")].sort().map((it) => `./${it}`)
  const startsPrograms = (file: string) => STARTS_PROGRAMS.test(file.slice(2))
  return [all.filter((file) => !startsPrograms(file)), all.filter(startsPrograms)]
}
