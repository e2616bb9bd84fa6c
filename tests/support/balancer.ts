import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createDaemon, findPort } from "./daemon"
import { waitUntil } from "./wait"

/** What the examples in deploy/ are for. */
export type BalancerName = "haproxy" | "nginx" | "caddy"

export interface Balancer {
  /** http://127.0.0.1:port */
  readonly url: string
  /** The same by TLS, with a certificate that nobody trusts; null where the example has none. */
  readonly secureUrl: string | null
  remove(): Promise<void>
}

interface Place {
  readonly folder: string
  readonly port: number
  readonly securePort: number
}

interface Kind {
  readonly example: string
  /** Programs that it needs. */
  readonly programs: readonly string[]
  /** The example's text, fit for this machine: addresses and files, and nothing else. */
  fit(text: string, place: Place): string
  run(path: string, place: Place): readonly string[]
  check(path: string, place: Place): readonly string[]
}

const DEPLOY = join(import.meta.dir, "../../deploy")

/** Debian keeps these out of the path of those who are not root. */
const find = (program: string) =>
  Bun.which(program, { PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` })

const KINDS: Readonly<Record<BalancerName, Kind>> = {
  haproxy: {
    example: "haproxy.cfg",
    programs: ["haproxy"],
    fit: (text, { port }) => replaced(text, [["bind :8080", `bind 127.0.0.1:${port}`]]),
    run: (path) => [find("haproxy") ?? "", "-db", "-f", path],
    check: (path) => [find("haproxy") ?? "", "-c", "-f", path],
  },
  nginx: {
    example: "nginx.conf",
    programs: ["nginx", "openssl"],
    fit: (text, { folder, port, securePort }) =>
      replaced(text, [
        ["http {", `http {\n${nginxFolders(folder)}`],
        ["listen 80;", `listen 127.0.0.1:${port};\n    server_name redirect.example;`],
        ["server_name chat.example;\n    return", "return"],
        ["listen 443 ssl;", `listen 127.0.0.1:${port};\n    listen 127.0.0.1:${securePort} ssl;`],
        ["server_name chat.example;", "server_name chat.example 127.0.0.1;"],
        ["/etc/ssl/chat.example.pem", join(folder, "certificate.pem")],
        ["/etc/ssl/chat.example.key", join(folder, "key.pem")],
        ["/var/log/nginx/parley.log", join(folder, "access.log")],
      ]),
    run: (path, place) => [...nginx(path, place), "-g", nginxGlobals(place, "daemon off;")],
    check: (path, place) => [...nginx(path, place), "-t", "-g", nginxGlobals(place)],
  },
  caddy: {
    example: "Caddyfile",
    programs: ["caddy"],
    fit: (text, { port }) =>
      `{\n\tadmin off\n}\n${replaced(text, [["chat.example {", `http://127.0.0.1:${port} {`]])}`,
    run: (path, place) => [...caddy("run", place), "--config", path, "--adapter", "caddyfile"],
    check: (path, place) => [
      ...caddy("validate", place),
      "--config",
      path,
      "--adapter",
      "caddyfile",
    ],
  },
}

const nginx = (path: string, { folder }: Place) => [
  find("nginx") ?? "",
  "-p",
  folder,
  "-e",
  "stderr",
  "-c",
  path,
]

const nginxGlobals = ({ folder }: Place, more = "") => `pid ${join(folder, "nginx.pid")};${more}`

const nginxFolders = (folder: string) =>
  ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((it) => `  ${it}_temp_path ${join(folder, it)};\n`)
    .join("")

/** It keeps what it learns in the home of whoever runs it. */
const caddy = (command: string, { folder }: Place) => [
  "env",
  `HOME=${folder}`,
  `XDG_DATA_HOME=${folder}`,
  `XDG_CONFIG_HOME=${folder}`,
  find("caddy") ?? "",
  command,
]

export const BALANCERS = ["haproxy", "nginx", "caddy"] as const

const missing = new Map<BalancerName, readonly string[]>(
  BALANCERS.map((name) => [name, KINDS[name].programs.filter((it) => find(it) === null)]),
)
for (const [name, programs] of missing) {
  if (programs.length === 0) continue
  console.warn(
    `SKIPPED: what needs ${name}, because ${programs.join(" and ")} is missing; apt-get install -y ${programs.join(" ")}`,
  )
}

export const canRunBalancer = (name: BalancerName): boolean => missing.get(name)?.length === 0

/** Every change must find its place, or the example has moved on without the tests. */
function replaced(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the example does not say "${from}"`)
    return before.replace(from, to)
  }, text)
}

function prepare(name: BalancerName, nodes: readonly [string, string], place: Place): string {
  const kind = KINDS[name]
  const path = join(place.folder, kind.example)
  const text = readFileSync(join(DEPLOY, kind.example), "utf8")
    .replaceAll("parley-1:3000", new URL(nodes[0]).host)
    .replaceAll("parley-2:3000", new URL(nodes[1]).host)
  writeFileSync(path, kind.fit(text, place))
  if (kind.programs.includes("openssl")) makeCertificate(place.folder)
  return path
}

function makeCertificate(folder: string): void {
  const { exitCode, stderr } = Bun.spawnSync([
    ...["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"],
    ...["-subj", "/CN=chat.example", "-addext", "subjectAltName=DNS:chat.example"],
    ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "certificate.pem")],
  ])
  if (exitCode !== 0) throw new Error(`no certificate was made: ${stderr}`)
}

async function findPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "parley-balancer-"))
  mkdirSync(join(folder, "logs"))
  return { folder, port: await findPort(), securePort: await findPort() }
}

/** What the program itself says of the example. */
export async function checkBalancer(
  name: BalancerName,
): Promise<{ exitCode: number; said: string }> {
  const place = await findPlace()
  // Nobody is there; nobody is asked.
  const path = prepare(name, ["http://127.0.0.1:1", "http://127.0.0.1:2"], place)
  const { exitCode, stdout, stderr } = Bun.spawnSync([...KINDS[name].check(path, place)])
  return { exitCode, said: `${stdout}${stderr}` }
}

/** Runs the example in front of two servers, and waits until it lets requests through. */
export async function startBalancer(
  name: BalancerName,
  nodes: readonly [string, string],
): Promise<Balancer> {
  const place = await findPlace()
  const path = prepare(name, nodes, place)
  const daemon = await createDaemon({
    folder: place.folder,
    command: () => KINDS[name].run(path, place),
    // Whether it is, is seen by asking: none of the three says so in a way that stays.
    isReady: () => true,
    stopSignal: "SIGTERM",
    killSignal: "SIGTERM",
  })
  const url = `http://127.0.0.1:${place.port}`
  try {
    await waitUntil(`${name} lets requests through`, () => isOpen(url))
  } catch (error) {
    const said = readFileSync(join(place.folder, "log"), "utf8")
    await daemon.remove()
    throw new Error(`${name} does not start: ${said}`, { cause: error })
  }
  const secureUrl = name === "nginx" ? `https://127.0.0.1:${place.securePort}` : null
  return { url, secureUrl, remove: daemon.remove }
}

async function isOpen(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}
