import { randomBytes } from "node:crypto"
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { openPostgres } from "../../src/store/postgres"
import { createDaemon, type Daemon } from "./daemon"
import { createFreshDatabases, type FreshDatabases, type TestDatabase } from "./fresh-databases"

export type { TestDatabase }

/** A PostgreSQL of a test's own. */
export interface TestPostgres extends Daemon, FreshDatabases {
  /** postgres://parley:password@127.0.0.1:port/postgres, as the one who may do anything. */
  readonly url: string
  urlOf(database: string): string
}

export interface TestPostgresOptions {
  /** Loses what it has said it keeps when the machine stops, and is quicker: for tests of all else. */
  readonly isCareless?: boolean
  /** What each fresh database starts from: called once, with the address of an empty one. */
  readonly prepare?: (url: string) => Promise<void>
}

const OWNER = "parley"

/** The folders where systems keep the server's programs, which are seldom on the path. */
const FOLDERS = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"]

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "32MB",
  max_connections: "300",
  max_wal_size: "64MB",
  // No test is so large, and workers take time to start.
  max_parallel_workers_per_gather: "0",
  jit: "off",
  timezone: "UTC",
} as const

const CARELESS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
} as const

let found: string | null | undefined

/** Where the server's programs are. Null: nowhere, and that is said, once and loudly. */
export function postgresPrograms(): string | null {
  if (found === undefined) {
    found = findPrograms()
    if (found === null) {
      console.warn(
        "SKIPPED: what needs PostgreSQL, because initdb is missing; apt-get install -y postgresql",
      )
    }
  }
  return found
}

export const canRunPostgres = (): boolean => postgresPrograms() !== null

function findPrograms(): string | null {
  const onPath = Bun.which("initdb")
  // Where it is a link, the other programs need not be beside it.
  if (onPath !== null) return dirname(realpathSync(onPath))
  const folders = FOLDERS.filter(existsSync).flatMap((folder) =>
    readdirSync(folder).map((it) => join(folder, it, "bin")),
  )
  // The newest by its number: 9.6 is older than 15.
  const byNumber = new Intl.Collator("en", { numeric: true })
  const all = folders.filter((it) => existsSync(join(it, "initdb"))).sort(byNumber.compare)
  return all.at(-1) ?? null
}

/** Starts one. It is gone, with its folder, at the latest when this process is. */
export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const programs = postgresPrograms()
  if (programs === null) throw new Error("there is no PostgreSQL on this machine")
  const password = randomBytes(18).toString("hex")
  const folder = run(["mktemp", "-d", join(tmpdir(), "parley-postgres-XXXXXX")])
  const data = join(folder, "data")
  // The second makes each connection take twice the time.
  const login = options.isCareless === true ? "md5" : "scram-sha-256"
  initialise(programs, { folder, data, password, login })
  const settings = { ...SETTINGS, ...(options.isCareless === true ? CARELESS : {}) }
  const daemon = await createDaemon({
    folder,
    command: (port) => [
      ...unprivileged(),
      join(programs, "postgres"),
      ...["-D", data, "-p", String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    isReady: () => statusIn(data) === "ready",
    stopSignal: "SIGINT",
    killSignal: "SIGQUIT",
    childrenOf,
  })
  const urlOf = (database: string) =>
    `postgres://${OWNER}:${password}@127.0.0.1:${daemon.port}/${database}`
  const databases = createFreshDatabases({
    urlOf,
    prepare: options.prepare,
    isCareless: options.isCareless === true,
  })
  return { ...daemon, url: urlOf("postgres"), urlOf, ...databases }
}

function initialise(
  programs: string,
  { folder, data, password, login }: Record<"folder" | "data" | "password" | "login", string>,
): void {
  const passwordFile = join(folder, "password")
  // Whoever may enter the folder may read it, and that is the server's user alone.
  writeFileSync(passwordFile, password)
  // Whatever the umask of this process is: a test may have started a server in it.
  chmodSync(passwordFile, 0o644)
  run([
    join(programs, "initdb"),
    ...["-D", data, "-U", OWNER, "-A", login, `--pwfile=${passwordFile}`],
    ...["--no-sync", "--no-instructions", "--wal-segsize=1", "--encoding=UTF8"],
    // Sorts as people do, which is what most have: what leans on the order of bytes is found out.
    ...["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"],
  ])
  rmSync(passwordFile)
}

/** The server refuses to run as root. Anybody else runs it as themselves. */
const unprivileged = (): readonly string[] =>
  process.getuid?.() === 0
    ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    : []

function run(command: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...unprivileged(), ...command], {
    cwd: tmpdir(),
  })
  if (exitCode !== 0) throw new Error(`${command[0]} ended with ${exitCode}: ${stderr}`)
  return stdout.toString().trim()
}

/** The last line of its pid file says how far it has come: "starting", "ready", "stopping". */
function statusIn(data: string): string | undefined {
  const path = join(data, "postmaster.pid")
  if (!existsSync(path)) return undefined
  return readFileSync(path, "utf8").trim().split("\n")[7]?.trim()
}

function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(path)) throw new Error(`this system does not tell the children of ${pid}`)
  return readFileSync(path, "utf8").trim().split(" ").map(Number)
}

let shared: Promise<TestPostgres> | undefined

/** One for all tests of this process that do it no harm. Careless, and so a quick one. */
export async function sharedPostgres(): Promise<TestPostgres> {
  const start = () => startPostgres({ isCareless: true, prepare: migrate })
  shared ??= start()
  // A runner that ends a test which takes too long ends all that was started in it.
  if (!(await shared).isRunning()) shared = start()
  return await shared
}

/** A database that nobody else uses, on the server that the tests of this process share. */
export async function freshDatabase(): Promise<TestDatabase> {
  return await (await sharedPostgres()).freshDatabase()
}

/** The same, but without a table in it. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return await (await sharedPostgres()).emptyDatabase()
}

async function migrate(url: string): Promise<void> {
  const database = await openPostgres({ url, connectionsMax: 1, publish: () => undefined })
  await database.close()
}
