import { describe, expect, test } from "bun:test"
import { startEngine } from "../../support/engine"
import { openPolling, openSession } from "../../support/engine-clients"

/** Intervals of hours: only the test moves the clock, and only it looks. */
const HOUR = 3_600_000
const INTERVAL = 10 * HOUR
const TIMEOUT = 5 * HOUR

function startWithClock() {
  let at = 0
  const host = startEngine({
    pingIntervalMs: INTERVAL,
    pingTimeoutMs: TIMEOUT,
    closeTimeoutMs: HOUR,
    now: () => at,
  })
  return {
    ...host,
    /** Looks twice: the first look after standing still closes nobody. */
    pass(milliseconds: number) {
      at += milliseconds
      host.engine.sweep()
      host.engine.sweep()
    },
    /** Nobody looks. */
    move(milliseconds: number) {
      at += milliseconds
    },
    standStill(milliseconds: number) {
      at += milliseconds
      host.engine.sweep()
    },
  }
}

describe("the heartbeat of a WebSocket", () => {
  test("pings after the interval, and again after each pong", async () => {
    await using host = startWithClock()
    const client = await openSession(host)
    await client.next()
    const beats: number[] = []
    host.sockets[0]?.on("heartbeat", () => beats.push(1))

    for (let round = 1; round <= 3; round++) {
      host.pass(INTERVAL - 1)
      host.pass(1)
      expect(await client.next()).toBe("2")
      host.pass(TIMEOUT - 1)
      client.send("3")
      while (beats.length < round) await Bun.sleep(1)
    }

    expect(client.rest()).toEqual([])
    expect(host.closes).toEqual([])
  })

  test("closes who does not answer in time, however much it says", async () => {
    await using host = startWithClock()
    host.echo()
    const client = await openSession(host)
    await client.next()
    host.pass(INTERVAL)
    expect(await client.next()).toBe("2")
    client.send("4I am here")
    host.pass(TIMEOUT - 1)
    expect(host.closes).toEqual([])

    host.pass(1)

    await client.closed()
    expect(host.closes).toEqual(["ping timeout"])
    expect(host.engine.clientsCount).toBe(0)
  })

  test("a server that stood still closes nobody at its first look: pongs may be waiting", async () => {
    await using host = startWithClock()
    const client = await openSession(host)
    await client.next()
    host.pass(INTERVAL)
    expect(await client.next()).toBe("2")

    host.standStill(TIMEOUT)
    expect(host.closes).toEqual([])

    host.standStill(0)
    expect(host.closes).toEqual(["ping timeout"])
  })
})

describe("the heartbeat after a server stood still", () => {
  test("a ping that is late leaves the client its whole time to answer, but for a second", async () => {
    await using host = startWithClock()
    const client = await openSession(host)
    await client.next()

    host.pass(INTERVAL + TIMEOUT)
    expect(await client.next()).toBe("2")
    host.pass(TIMEOUT - 1_001)
    expect(host.closes).toEqual([])

    host.pass(1_001)
    expect(host.closes).toEqual(["ping timeout"])
  })
})

describe("the heartbeat of polls", () => {
  test("the ping comes with a poll, and the pong with a POST", async () => {
    await using host = startWithClock()
    const client = await openPolling(host)

    for (let round = 0; round < 3; round++) {
      host.pass(INTERVAL)
      expect(await client.poll()).toBe("2")
      host.pass(TIMEOUT - 1)
      expect((await client.post("3")).status).toBe(200)
    }

    expect(host.closes).toEqual([])
  })

  test("closes who does not answer, to the millisecond, before anybody looked", async () => {
    await using host = startWithClock()
    const client = await openPolling(host)
    host.pass(INTERVAL)
    host.pass(TIMEOUT - 1)
    expect(host.closes).toEqual([])

    host.move(1)

    expect((await client.get()).status).toBe(400)
    expect(host.closes).toEqual(["ping timeout"])
  })

  test("who never fetches the last words is gone after the time for it", async () => {
    await using host = startWithClock()
    const client = await openPolling(host)
    host.sockets[0]?.close()
    host.pass(HOUR - 1)
    expect(host.engine.clientsCount).toBe(1)

    host.pass(1)

    expect(host.engine.clientsCount).toBe(0)
    expect((await client.get()).status).toBe(400)
  })
})

describe("with intervals of 300 and 200 ms", () => {
  test("a mute WebSocket is pinged and closed by itself, a lively one is not", async () => {
    await using host = startEngine({ pingIntervalMs: 300, pingTimeoutMs: 200 })
    const [mute, lively] = [await openSession(host), await openSession(host)]
    await Promise.all([mute.next(), lively.next()])
    const startedAt = performance.now()

    expect(await lively.next()).toBe("2")
    lively.send("3")
    expect(await mute.next()).toBe("2")
    await mute.closed()

    expect(performance.now() - startedAt).toBeGreaterThan(450)
    expect(host.closes).toEqual(["ping timeout"])
    expect(lively.isOpen).toBe(true)
  })
})
