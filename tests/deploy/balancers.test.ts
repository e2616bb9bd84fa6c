import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { io } from "socket.io-client"
import { BALANCERS, type Balancer, canRunBalancer, startBalancer } from "../support/balancer"
import { asPerson, call, PASSWORD, type Person, person } from "../support/people"
import { createScratch, type Scratch } from "../support/scratch"
import { type ServerProcess, startServerProcess, UNLIMITED } from "../support/server-process"
import { openSocket, type TestSocket } from "../support/socket"
import { standIn } from "../support/stand-in"
import { waitUntil } from "../support/wait"

setDefaultTimeout(40_000)

/** Two servers on one file: they share accounts, and that is all that a balancer needs to see. */
describe.each(BALANCERS)("two nodes behind %s, as in deploy/", (name) => {
  const testHere = test.skipIf(!canRunBalancer(name))
  let scratch: Scratch
  let nodes: ServerProcess[] = []
  let balancer: Balancer
  let ann: Person

  const startNode = (port = "0") =>
    startServerProcess({
      dataDir: scratch.path("data"),
      env: { ...UNLIMITED, PORT: port, CHAT_TRUST_PROXY: "1", CHAT_DRAIN_SECONDS: "3" },
    })

  beforeAll(async () => {
    if (!canRunBalancer(name)) return
    scratch = createScratch()
    // The second one finds the secret and the tables of the first.
    const one = await startNode()
    const two = await startNode()
    nodes = [one, two]
    balancer = await startBalancer(name, [one.url, two.url])
    ann = await person(balancer.url, "ann")
  })
  afterAll(async () => {
    await balancer?.remove()
    for (const node of nodes) await node.kill()
    scratch?.remove()
  })

  /** How many sockets the node holds, as it tells itself. */
  const socketsAt = async ({ url }: ServerProcess, protocol: string) => {
    const text = await (await fetch(`${url}/metrics`)).text()
    return Number(
      new RegExp(`^parley_connections\\{protocol="${protocol}"\\} (\\d+)$`, "m").exec(text)?.[1],
    )
  }

  testHere("WebSockets go through, to both nodes", async () => {
    const sockets: TestSocket[] = []
    for (let count = 0; count < 6; count++) sockets.push(await ann.connect())

    expect(await sockets[0]?.ask("ping")).toMatchObject({ type: "ok" })
    for (const node of nodes) expect(await socketsAt(node, "native")).toBeGreaterThan(0)
    for (const socket of sockets) socket.close()
  })

  testHere.each([
    ["polling alone", ["polling"]],
    ["polling that becomes a WebSocket", ["polling", "websocket"]],
    ["a WebSocket alone", ["websocket"]],
  ])("all requests of one Socket.IO session come to one node: %s", async (_, transports) => {
    // Were it left to chance, 8 sessions of several requests each would not all live.
    const clients = Array.from({ length: 8 }, () =>
      io(`${balancer.url}/chat`, {
        transports,
        forceNew: true,
        reconnection: false,
        auth: { token: ann.token },
      }),
    )
    const lost: unknown[] = []
    for (const client of clients) {
      client.on("disconnect", (reason) => lost.push(reason))
      client.on("connect_error", (error) => lost.push(error.message))
    }
    await waitUntil(
      "all are connected",
      () => clients.every((it) => it.connected) || lost.length > 0,
    )
    const upgraded = transports.at(-1)
    await waitUntil(
      `all have come to ${upgraded}`,
      () => clients.every((it) => it.io.engine?.transport.name === upgraded) || lost.length > 0,
    )

    for (let round = 0; round < 3; round++) {
      const answers = clients.map((it) => it.timeout(10_000).emitWithAck("getRoomStats", {}))
      expect(await Promise.all(answers)).toHaveLength(8)
    }

    expect(lost).toEqual([])
    for (const client of clients) client.disconnect()
  })

  testHere("the client's address is the balancer's word, and not the client's", async () => {
    const login = await call(balancer.url, {
      method: "POST",
      path: "/auth/login",
      body: { username: "ann", password: PASSWORD },
      headers: { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" },
    })
    const sessions = await asPerson(balancer.url, login).get("/auth/sessions")

    const addresses = sessions.body.map((it: { address: string }) => it.address)
    expect(new Set(addresses)).toEqual(new Set(["127.0.0.1"]))
    expect(login.headers.get("strict-transport-security")).toBeNull()
  })

  const hasTls = name === "nginx"
  if (hasTls)
    testHere("what came by TLS is known to have", async () => {
      const answer = await fetch(`${balancer.secureUrl}/api/v1/users/me`, {
        headers: { authorization: `Bearer ${ann.token}` },
        tls: { rejectUnauthorized: false },
      })

      expect(answer.status).toBe(200)
      expect(answer.headers.get("strict-transport-security")).not.toBeNull()
    })

  testHere("/metrics is not told to the world", async () => {
    expect((await fetch(`${balancer.url}/metrics`)).status).toBe(404)
  })

  testHere(
    "a node that stops is passed over: those whom it sends away get in again, and it is taken back",
    async () => {
      const [one, two] = nodes
      if (one === undefined || two === undefined) throw new Error("there are two")
      const before = await Promise.all(Array.from({ length: 6 }, () => ann.connect()))
      const refused: unknown[] = []
      const tryAgain = async () => {
        try {
          const socket = await openSocket(`${balancer.url}/api/v1/ws`, {
            headers: { authorization: `Bearer ${ann.token}` },
          })
          socket.close()
          const { status } = await ann.get("/users/me")
          if (status !== 200) refused.push(status)
        } catch (error) {
          refused.push(error)
        }
      }

      const gone = one.terminate()
      let isGone = false
      void gone.then(() => {
        isGone = true
      })
      while (!isGone) await tryAgain()
      for (let count = 0; count < 20; count++) await tryAgain()

      expect(await gone).toBe(0)
      // Caddy asks no other node when one says 503; it learns from its check, a second later.
      if (name !== "caddy") expect(refused).toEqual([])
      await waitUntil("nobody is refused any more", async () => {
        const count = refused.length
        await tryAgain()
        return refused.length === count
      })
      expect((await ann.get("/users/me")).status).toBe(200)
      for (const socket of before) socket.close()

      nodes = [await startNode(new URL(one.url).port), two]
      const back = nodes[0] ?? two
      await waitUntil("it is given clients again", async () => {
        const sockets = await Promise.all([ann.connect(), ann.connect()])
        const count = await socketsAt(back, "native")
        for (const socket of sockets) socket.close()
        return count > 0
      })
    },
  )
})

describe("two nodes of which none is ready", () => {
  const names = ["haproxy", "nginx"] as const
  for (const name of names)
    test.skipIf(!canRunBalancer(name))(`are asked all the same, by ${name}`, async () => {
      // As where the database is away: what can be answered is, and what cannot says so itself.
      let checks = 0
      const nodes = [0, 1].map(() =>
        standIn((request) => {
          if (new URL(request.url).pathname !== "/ready") return new Response("an answer")
          checks++
          return new Response("not ready", { status: 503 })
        }),
      )
      const [one, two] = nodes
      if (one === undefined || two === undefined) throw new Error("there are two")
      const balancer = await startBalancer(name, [one.url, two.url])
      const asked = () => fetch(`${balancer.url}/api/v1/rooms`).then((it) => it.text())

      // After two checks of a node HAProxy has given it up. nginx learns by requests alone.
      const answers: string[] = []
      const isTold = () => (name === "haproxy" ? checks >= 6 : answers.length >= 20)
      await waitUntil("the balancer knows", async () => {
        answers.push(await asked())
        return isTold()
      })
      answers.push(await asked())

      expect(new Set(answers)).toEqual(new Set(["an answer"]))
      await balancer.remove()
      for (const node of nodes) await node.stop()
    })
})
