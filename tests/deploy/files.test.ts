import { describe, expect, test } from "bun:test"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import packageJson from "../../package.json"
import { readConfig, VARIABLES } from "../../src/config"
import { BALANCERS, canRunBalancer, checkBalancer } from "../support/balancer"
import { createScratch } from "../support/scratch"

const DEPLOY = join(import.meta.dir, "../../deploy")
const read = (name: string) => readFileSync(join(DEPLOY, name), "utf8")
const numberIn = (name: string, pattern: RegExp) => Number(pattern.exec(read(name))?.[1])

interface Service {
  readonly image?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly networks?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly stop_grace_period?: string
  readonly ulimits?: { readonly nofile: number }
}

const compose = Bun.YAML.parse(read("compose.yaml")) as {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, object>>
}
const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith("parley-"))
const defaults = readConfig({})

/** Whether a program is here. Where it is not, that is said: what it would have found is not. */
function has(program: string): boolean {
  if (Bun.which(program) !== null) return true
  console.warn(`SKIPPED: what needs ${program}, which is missing`)
  return false
}

describe("deploy/", () => {
  test("says nothing of settings that Parley does not have", () => {
    const named = readdirSync(DEPLOY).flatMap((name) => [
      ...read(name).matchAll(/\b(?:CHAT|JWT|WS|DATABASE|REDIS|INTERNAL|FRONTEND)_[A-Z_]+\b/g),
    ])
    // What the compose file's own secrets are called, and what Redis' client reads.
    const others = ["REDIS_PASSWORD", "POSTGRES_PASSWORD"]

    const unknown = named.map(([name]) => name).filter((it) => !(it in VARIABLES))

    expect(named.length).toBeGreaterThan(20)
    expect([...new Set(unknown)].filter((it) => !others.includes(it))).toEqual([])
  })

  test("the compose file's nodes are alike, and are given settings that exist", () => {
    expect(nodes.map(([name]) => name)).toEqual(["parley-1", "parley-2"])
    const [one, two] = nodes.map(([, { volumes: _, ...node }]) => node)

    expect(one).toEqual(two)
    expect(one?.environment).toMatchObject({ NODE_ENV: "production", CHAT_TRUST_PROXY: "1" })
    expect(Object.keys(one?.environment ?? {}).filter((it) => !(it in VARIABLES))).toEqual([])
  })

  test("each node keeps its data in a volume of its own, where the image has its data", () => {
    const folder = /\bDATA_DIR=(\S+)/.exec(read("Dockerfile"))?.[1]

    for (const [name, { volumes }] of nodes) {
      expect(volumes).toEqual([`${name}:${folder}`, `uploads:${folder}/uploads`])
    }
    for (const [name] of nodes) expect(compose.volumes).toHaveProperty(name)
    expect(read("Dockerfile")).toContain(`VOLUME ${folder}\n`)
  })

  test("databases are reached by nodes only, and the balancer from this machine only", () => {
    const { postgres, redis, balancer } = compose.services

    expect(compose.networks.back?.internal).toBe(true)
    for (const it of [postgres, redis]) {
      expect(it?.networks).toEqual(["back"])
      expect(it?.ports).toBeUndefined()
    }
    expect(balancer?.networks).toEqual(["front"])
    expect(balancer?.ports).toEqual(["127.0.0.1:8080:8080"])
    expect(read("haproxy.cfg")).toContain("bind :8080\n")
  })

  test("no secret stands in any file: each is asked for, and an empty one is refused", () => {
    const secrets = ["POSTGRES_PASSWORD", "REDIS_PASSWORD", "JWT_SECRET"]

    for (const name of secrets) {
      expect(read("compose.yaml")).toContain(`\${${name}:?`)
      expect(read("env.example")).toMatch(new RegExp(`^${name}=$`, "m"))
    }
    expect(read("env.example")).not.toMatch(/^\w+=./m)
  })

  test("images have versions, and the one that builds is the Bun that this is made for", () => {
    const images = [
      ...[...read("Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
      ...Object.values(compose.services).map(({ image }) => image),
    ]

    expect(images.length).toBeGreaterThan(5)
    for (const image of images) expect(image).toMatch(/^[a-z/]+:\d+(\.\d+)+(-slim)?$/)
    expect(images[0]).toBe(`oven/bun:${packageJson.devDependencies["bun-types"]}`)
    expect(compose.services["parley-1"]?.image).toBe(`parley:${packageJson.version}`)
    expect(read("Dockerfile")).toContain(`parley:${packageJson.version}`)
  })

  test("all look for Parley at the port on which the image listens", () => {
    const port = numberIn("Dockerfile", /\bPORT=(\d+)/)
    const backends = { "haproxy.cfg": 3, "nginx.conf": 2, Caddyfile: 2 }

    expect(numberIn("Dockerfile", /^EXPOSE (\d+)/m)).toBe(port)
    for (const [name, count] of Object.entries(backends)) {
      const ports = [...read(name).matchAll(/\bparley-([12]):(\d+)/g)]
      expect(ports.length, name).toBe(2 * count)
      for (const [, , it] of ports) expect(Number(it), name).toBe(port)
    }
  })

  test("the image runs as nobody special, and is made of sources alone", () => {
    expect(read("Dockerfile")).toMatch(/^USER \d{5}:\d{5}$/m)
    expect(read("Dockerfile.dockerignore").split("\n")).toContain("*")
    const copied = [...read("Dockerfile").matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, it]) =>
      (it ?? "").split(" "),
    )
    const letIn = [...read("Dockerfile.dockerignore").matchAll(/^!(.+)$/gm)].map(([, it]) => it)
    expect(new Set(copied)).toEqual(new Set(letIn as string[]))
  })

  test("quiet sockets are pinged before any proxy cuts them, and polls are answered before that", () => {
    const pingMs = defaults.CHAT_PING_PERIOD
    const seconds = [
      numberIn("haproxy.cfg", /timeout tunnel (\d+)s/),
      numberIn("nginx.conf", /proxy_read_timeout (\d+)s/),
      numberIn("nginx.conf", /proxy_send_timeout (\d+)s/),
    ]
    const pollingSeconds = ["client", "server"].map((it) =>
      numberIn("haproxy.cfg", new RegExp(`timeout ${it} (\\d+)s`)),
    )

    for (const it of seconds) expect(it * 1000).toBeGreaterThan(pingMs)
    for (const it of pollingSeconds) expect(it).toBeGreaterThan(25 + 20)
  })

  test("who stops a node waits longer than its goodbye takes", () => {
    const drainSeconds = defaults.CHAT_DRAIN_SECONDS
    const grace = nodes.map(([, it]) => Number.parseInt(it.stop_grace_period ?? "", 10))

    expect(numberIn("parley.service", /^TimeoutStopSec=(\d+)$/m)).toBeGreaterThan(drainSeconds)
    for (const it of grace) expect(it).toBeGreaterThan(drainSeconds)
    for (const [, { environment }] of nodes)
      expect(environment?.CHAT_DRAIN_SECONDS).toBe(String(drainSeconds))
  })

  test("all proxies ask /ready where they can, and tell nobody of /metrics", () => {
    expect(read("haproxy.cfg")).toContain("uri /ready ")
    expect(read("Caddyfile")).toContain("health_uri /ready\n")
    for (const name of ["haproxy.cfg", "nginx.conf", "Caddyfile"])
      expect(read(name), name).toMatch(/(path|location =|respond) \/metrics/)
  })

  test.skipIf(!has("systemd-analyze"))("systemd takes the unit", () => {
    const scratch = createScratch()
    const path = scratch.path("parley.service")
    // Neither the program nor the user is on the machine that runs the tests.
    const text = read("parley.service")
      .replace("/opt/parley/parley serve", process.execPath)
      .replace("User=parley\n", "User=root\n")

    writeFileSync(path, text)
    const { exitCode, stderr } = Bun.spawnSync(["systemd-analyze", "verify", path])
    scratch.remove()

    expect(stderr.toString()).toBe("")
    expect(exitCode).toBe(0)
  })

  test.skipIf(!has("docker-compose"))("docker-compose takes the compose file", () => {
    const env = { ...process.env, POSTGRES_PASSWORD: "a", REDIS_PASSWORD: "b", JWT_SECRET: "c" }
    const config = (environment: Record<string, string | undefined>) =>
      Bun.spawnSync(["docker-compose", "-f", join(DEPLOY, "compose.yaml"), "config", "--quiet"], {
        env: environment,
      })

    expect(config(env).stderr.toString()).toBe("")
    expect(config({ ...env, JWT_SECRET: "" }).stderr.toString()).toContain("is missing in .env")
  })

  for (const name of BALANCERS)
    test.skipIf(!canRunBalancer(name))(`${name} takes its example`, async () => {
      const { exitCode, said } = await checkBalancer(name)

      expect(exitCode, said).toBe(0)
    })
})
