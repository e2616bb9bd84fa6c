import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createMeters } from "../../src/ops/meters"
import { createMetrics, METRICS, PROCESS_METRICS } from "../../src/ops/metrics"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { waitUntil } from "../support/wait"

/** All samples, by what stands before their value. */
async function scrape({ url }: House): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(" ")
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

describe("what is measured", () => {
  let house: House
  beforeAll(async () => {
    house = await openHouse({ env: { CHAT_MAX_MESSAGE_LENGTH: "10" } })
  })
  afterAll(() => house.stop())

  test("each metric stands there with its help and its type, and nothing else does", async () => {
    const response = await fetch(`${house.url}/metrics`)
    const text = await response.text()

    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    for (const [name, { help, type }] of Object.entries(METRICS)) {
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
    }
    const named = [...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name)
    expect(named).toEqual([...Object.keys(METRICS), ...PROCESS_METRICS])
  })

  test("the process's own numbers are numbers, and not 0", async () => {
    const samples = await scrape(house)

    for (const name of [
      "process_cpu_seconds_total",
      "process_start_time_seconds",
      "process_resident_memory_bytes",
      "process_open_fds",
      "nodejs_heap_size_used_bytes",
    ]) {
      expect(samples.get(name), name).toBeGreaterThan(0)
    }
    expect(samples.get('parley_connections{protocol="native"}')).toBe(0)
    expect([...samples.values()].filter((value) => !Number.isFinite(value))).toEqual([])
    expect([...samples.keys()].filter((it) => it.startsWith("parley_build_info"))).toEqual([
      `parley_build_info{version="0.0.0",bun="${Bun.version}"}`,
    ])
  })

  test("an event loop that is held up for 60 ms shows it", async () => {
    await scrape(house)
    // The monitor looks on every few milliseconds; it has to have begun.
    await Bun.sleep(30)
    const until = performance.now() + 60
    while (performance.now() < until);
    await Bun.sleep(30)

    const samples = await scrape(house)

    expect(samples.get("nodejs_eventloop_lag_max_seconds")).toBeGreaterThan(0.05)
    expect(samples.get("nodejs_eventloop_lag_max_seconds")).toBeLessThan(2)
  })

  test("a talk is counted: connections, messages, deliveries, refusals, requests", async () => {
    const own = await openHouse({ env: { CHAT_MAX_MESSAGE_LENGTH: "10" } })
    const [ann, bob] = [await person(own.url, "ann"), await person(own.url, "bob")]
    const room = await roomOf(ann, [bob])
    const [annSocket, bobSocket] = [await listening(ann, room), await listening(bob, room)]
    const before = await scrape(own)

    await annSocket.ask("message.send", { room_id: room.id, content: "one", client_id: "c" })
    await annSocket.ask("message.send", { room_id: room.id, content: "one", client_id: "c" })
    await annSocket.ask("message.send", { room_id: room.id, content: "x".repeat(11) })
    await bobSocket.ask("message.send", { room_id: "nowhere", content: "two" })
    bobSocket.sendRaw("no JSON")
    await bob.post(`/rooms/${room.id}/messages`, { content: "three" })
    await bob.post(`/rooms/${room.id}/messages`, {})
    await bobSocket.next((it) => it.type === "message.created" && it.seq === 4)
    bobSocket.close()
    await bobSocket.closed
    await waitUntil("the server has seen bob go", async () => {
      return (await scrape(own)).get('parley_connections{protocol="native"}') === 1
    })

    const after = await scrape(own)
    const moved = [...after]
      .map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const)
      .filter(([name, by]) => by !== 0 && !/_seconds|process_|nodejs_|\/metrics/.test(name))
      .filter(([name]) => !/bucket|per_second/.test(name))
    const batches = "parley_commit_batch_size_count"
    expect(Object.fromEntries(moved.filter(([name]) => !name.startsWith(batches)))).toMatchObject({
      'parley_connections{protocol="native"}': -1,
      'parley_messages_total{edge="native"}': 1,
      'parley_messages_total{edge="rest"}': 1,
      // Each of the two messages, to ann and to bob.
      parley_deliveries_total: 4,
      'parley_errors_total{edge="native",code="invalid_request"}': 2,
      'parley_errors_total{edge="native",code="room_not_found"}': 1,
      'parley_errors_total{edge="rest",code="invalid_request"}': 1,
      'parley_http_requests_total{route="/api/v1/rooms/:id/messages",method="POST",status="2xx"}': 1,
      'parley_http_requests_total{route="/api/v1/rooms/:id/messages",method="POST",status="4xx"}': 1,
      parley_commit_batch_size_sum: expect.any(Number),
    })
    expect(after.get('parley_connection_duration_seconds_count{protocol="native"}')).toBe(1)
    expect(after.get("parley_rooms_occupied")).toBe(1)
    expect(after.get("parley_users_online")).toBe(1)
    expect(after.get("parley_messages_per_second")).toBeGreaterThan(0)
    expect(
      after.get('parley_http_requests_total{route="/api/v1/ws",method="GET",status="1xx"}'),
    ).toBe(2)
    // Every commit was measured once, by its size and by its time.
    const commits = after.get(batches) ?? 0
    expect(commits).toBeGreaterThan(3)
    expect(after.get("parley_commit_duration_seconds_count")).toBe(commits)
    expect(after.get('parley_commit_batch_size_bucket{le="+Inf"}')).toBe(commits)
    await own.stop()
  })

  test("nothing that somebody chose becomes a label, however often they try", async () => {
    const own = await openHouse()
    const ann = await person(own.url, "ann")
    await scrape(own)
    const labels = async () => [...(await scrape(own)).keys()]
    await ann.get("/rooms/first-choice")
    await fetch(`${own.url}/first-choice?token=first-choice`)
    await fetch(`${own.url}/metrics/first-choice`, { method: "PROPFIND" })
    const before = await labels()

    for (let index = 0; index < 20; index++) {
      await ann.get(`/rooms/choice-${index}`)
      await fetch(`${own.url}/choice-${index}?token=choice-${index}`)
      await fetch(`${own.url}/choice-${index}`, { method: "PROPFIND" })
    }

    expect(await labels()).toEqual(before)
    expect(before.join()).not.toContain("choice")
    await own.stop()
  })

  test("what the server fails at is counted as internal", async () => {
    const broken = await openHouse()
    const ann = await person(broken.url, "ann")
    changeRows(broken.path, "alter table rooms rename to gone")
    await ann.get("/rooms")

    const samples = await scrape(broken)

    expect(samples.get('parley_errors_total{edge="rest",code="internal"}')).toBe(1)
    await broken.stop()
  })
})

describe("who may read /metrics in production", () => {
  const KEY = "the key of a gateway"
  const LOCAL = "127.0.0.1"
  test.each([
    ["this machine", {}, 0, 200],
    ["the key", { "x-internal-api-key": KEY }, 0, 200],
    [
      "the key through a proxy",
      { "x-internal-api-key": KEY, "x-forwarded-for": "1.2.3.4" },
      1,
      200,
    ],
    ["a wrong key, even from this machine", { "x-internal-api-key": `${KEY}!` }, 0, 401],
    ["an empty key", { "x-internal-api-key": "" }, 0, 401],
    ["a client of a proxy that is not believed", { "x-forwarded-for": "1.2.3.4" }, 0, 401],
    ["who claims to be local, to no proxy", { "x-forwarded-for": LOCAL }, 0, 401],
    ["a client of a proxy", { "x-forwarded-for": "1.2.3.4" }, 1, 401],
    ["who claims to be local, to a proxy", { "x-forwarded-for": `${LOCAL}, 1.2.3.4` }, 1, 401],
    ["who went past one of two proxies", { "x-forwarded-for": "1.2.3.4" }, 2, 401],
    ["a client of which a proxy says no address", { "x-forwarded-for": "unknown" }, 1, 401],
    ["a client of a proxy that says only how it came", { "x-forwarded-proto": "https" }, 1, 401],
    ["a client of a proxy that speaks the standard", { forwarded: "for=1.2.3.4" }, 0, 401],
    ["this machine through a proxy", { "x-forwarded-for": LOCAL }, 1, 200],
  ])("%s: %j behind %i proxies, %i", async (_who, headers, proxies, status) => {
    const house = await openHouse({
      env: { NODE_ENV: "production", INTERNAL_API_KEY: KEY, CHAT_TRUST_PROXY: String(proxies) },
    })

    const response = await fetch(`${house.url}/metrics`, { headers })

    expect(response.status).toBe(status)
    if (status === 401) {
      expect(await response.json()).toMatchObject({ code: "unauthorized", status: 401 })
    }
    await house.stop()
  })

  test("no key is right where none is set; in development all may read", async () => {
    const headers = { "x-internal-api-key": "", "x-forwarded-for": "1.2.3.4" }
    const [production, development] = [
      await openHouse({ env: { NODE_ENV: "production" } }),
      await openHouse(),
    ]
    const statusAt = async ({ url }: House) => (await fetch(`${url}/metrics`, { headers })).status

    expect([await statusAt(production), await statusAt(development)]).toEqual([401, 200])
    await production.stop()
    await development.stop()
  })
})

describe("what is between servers", () => {
  const deps = {
    meters: createMeters(),
    messagesPerSecond: () => 0,
    present: () => ({ users: 0, rooms: 0 }),
    presentHere: () => ({ users: 0, rooms: 0 }),
    version: "0.0.0",
    countSearchBehind: () => 0,
  }
  const linkLines = (text: string) =>
    text.split("\n").filter((line) => line.startsWith("parley_link_"))

  test("is told where there are others", async () => {
    const state = { told: 5, heard: 4, dropped: 3, malformed: 2, reconnections: 1 }
    const linkState = () => ({ isUp: true, others: 6, ...state })

    const { text } = await createMetrics({ ...deps, linkState })()

    expect(linkLines(text)).toEqual([
      "parley_link_up 1",
      "parley_link_nodes 6",
      'parley_link_words_total{fate="told"} 5',
      'parley_link_words_total{fate="heard"} 4',
      'parley_link_words_total{fate="dropped"} 3',
      'parley_link_words_total{fate="malformed"} 2',
      "parley_link_reconnections_total 1",
    ])
  })

  test("is not told where there are none", async () => {
    expect(linkLines((await createMetrics(deps)()).text)).toEqual([])
  })
})
