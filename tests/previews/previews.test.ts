import { afterEach, describe, expect, test } from "bun:test"
import { gzipSync } from "node:zlib"
import { createMeters } from "../../src/ops/meters"
import { createPreviews, type Previewing } from "../../src/previews/previews"
import { createClock } from "../support/clock"
import { htmlPage, makeCertificate, OWN_MACHINE, openRawSite, openSite } from "../support/site"
import { waitUntil } from "../support/wait"

const TITLED = "<title>Hello</title>"
const HELLO = { title: "Hello", description: null, siteName: null }

const toStop: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0)) await stop()
})

function siteOf(answer: (request: Request) => Response | Promise<Response>) {
  const site = openSite(answer)
  toStop.push(site.stop)
  return site
}

async function rawSiteOf(answer: Parameters<typeof openRawSite>[0]) {
  const site = await openRawSite(answer)
  toStop.push(site.stop)
  return site
}

/** All that fetches previews in a server, let loose on this machine. */
function open(previewing: Previewing = {}) {
  return openWith({ reach: OWN_MACHINE, ...previewing })
}

function openWith(previewing: Previewing) {
  const meters = createMeters()
  const clock = createClock()
  const previews = createPreviews({ previewing, version: "1.2.3", meters, now: clock.now })
  toStop.push(previews.close)
  /** What has been counted so far. */
  const outcomes = () =>
    Object.fromEntries(Object.entries(meters.previews).filter(([, count]) => count > 0))
  return { ...previews, clock, outcomes }
}

/** Promises to be kept by the test, of requests that wait. */
function createGate() {
  const waiting: (() => void)[] = []
  return {
    waiting,
    wait: () => new Promise<void>((resolve) => waiting.push(resolve)),
    openAll: () => {
      for (const letGo of waiting.splice(0)) letGo()
    },
  }
}

describe("a page that is looked at", () => {
  test("is asked for once, by whom it says, with nothing that tells who shared it", async () => {
    const site = siteOf(() => htmlPage(TITLED, { "set-cookie": "a=b" }))
    const { fetchPreview, outcomes } = open()

    const url = `${site.url}/a?b=c#d`
    expect(await fetchPreview(url)).toEqual({ url, ...HELLO })

    const headers = {
      host: `site.example:${site.port}`,
      "user-agent": "Parley/1.2.3 (link preview)",
      accept: "text/html",
      "accept-encoding": "identity",
      connection: "close",
    }
    expect(site.asked).toEqual([{ path: "/a?b=c", headers }])
    expect(outcomes()).toEqual({ described: 1 })
  })

  test("is remembered for ten minutes, also where it says nothing, and asked for again then", async () => {
    const site = siteOf(({ url }) => (url.includes("none") ? htmlPage("none") : htmlPage(TITLED)))
    const { fetchPreview, clock } = open()

    const all = await Promise.all([1, 2, 3].map((n) => fetchPreview(`${site.url}/a#${n}`)))
    await fetchPreview(`${site.url}/none`)
    expect(await fetchPreview(`${site.url}/none`)).toBeNull()
    clock.advance(9 * 60_000)
    await fetchPreview(`${site.url}/a`)
    expect(all.map((it) => it?.title)).toEqual(["Hello", "Hello", "Hello"])
    expect(site.asked).toHaveLength(2)

    clock.advance(60_000)
    await fetchPreview(`${site.url}/a`)
    expect(site.asked).toHaveLength(3)
  })

  test("is found by redirects, each relative to the last, 3 of them and not 4", async () => {
    const site = siteOf(({ url }) => {
      const left = Number(new URL(url).pathname.slice(1))
      return left === 0 ? htmlPage(TITLED) : Response.redirect(`/${left - 1}`, 302)
    })
    const { fetchPreview, outcomes } = open()

    expect(await fetchPreview(`${site.url}/3`)).toEqual({ url: `${site.url}/3`, ...HELLO })
    expect(await fetchPreview(`${site.url}/4`)).toBeNull()
    expect(outcomes()).toEqual({ described: 1, failed: 1 })
    expect(site.asked).toHaveLength(8)
  })

  test.each([
    [
      "an error",
      () =>
        htmlPage(TITLED)
          .text()
          .then((it) => new Response(it, { status: 500 })),
    ],
    ["no page", () => new Response(TITLED, { headers: { "content-type": "text/plain" } })],
    ["a picture", () => new Response(TITLED, { headers: { "content-type": "image/svg+xml" } })],
    ["something without a type", () => new Response(new TextEncoder().encode(TITLED))],
    [
      "10 MB that come in few bytes",
      () => {
        const packed = gzipSync(TITLED + " ".repeat(10_000_000))
        return new Response(packed, {
          headers: { "content-type": "text/html", "content-encoding": "gzip" },
        })
      },
    ],
    ["a redirect to nowhere", () => new Response(null, { status: 302 })],
    ["a page that says nothing", () => htmlPage("<p>Hello")],
  ])("is nothing where it is %s", async (_, answer) => {
    const site = siteOf(answer)
    const { fetchPreview, outcomes } = open()

    expect(await fetchPreview(site.url)).toBeNull()

    expect(outcomes()).toEqual({ empty: 1 })
    expect(site.asked).toHaveLength(1)
  })

  test("is read for 524,288 bytes and no further, and an endless one is left", async () => {
    let sent = 0
    const endless = (start: string) =>
      new ReadableStream({
        start: (to) => to.enqueue(new TextEncoder().encode(start)),
        pull(to) {
          sent += 65_536
          to.enqueue(new Uint8Array(65_536).fill(32))
        },
      })
    const padded = " ".repeat(524_288 - TITLED.length)
    const bodies: Record<string, () => ReadableStream | string> = {
      "/endless": () => endless(TITLED),
      "/within": () => padded + TITLED,
      "/beyond": () => `${padded}${" ".repeat(TITLED.length)}${TITLED}`,
    }
    const site = siteOf(({ url }) => {
      const body = bodies[new URL(url).pathname]?.() ?? ""
      return new Response(body, { headers: { "content-type": "text/html" } })
    })
    const { fetchPreview } = open()

    expect(await fetchPreview(`${site.url}/endless`)).toMatchObject(HELLO)
    expect(await fetchPreview(`${site.url}/within`)).toMatchObject(HELLO)
    expect(await fetchPreview(`${site.url}/beyond`)).toBeNull()
    // What lies between is what the system holds for both sides.
    expect(sent).toBeLessThan(20_000_000)
  })

  test.each([
    ["says nothing", ""],
    ["says one letter and waits", "H"],
    ["ends its head never", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(8_000)}`],
    ["ends its body never", `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n${TITLED}`],
  ])("is given up in time where its server %s", async (_, words) => {
    const site = await rawSiteOf((socket) => void socket.write(words))
    const { fetchPreview, outcomes } = open({ times: { wholeMsMax: 100, connectMsMax: 100 } })

    expect(await fetchPreview(site.url)).toBeNull()

    expect(outcomes()).toEqual({ failed: 1 })
    await waitUntil("the connection is closed", () => site.open.size === 0)
  })

  test.each([
    ["hangs up", ""],
    ["speaks no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["has a head of 20 kB", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(20_000)}\r\n\r\n${TITLED}`],
    [
      "hangs up amid its body",
      `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 99\r\n\r\n${TITLED}`,
    ],
  ])("is nothing where its server %s", async (_, words) => {
    const site = await rawSiteOf((socket) => {
      socket.once("data", () => socket.end(words))
    })
    const { fetchPreview, outcomes } = open()

    expect(await fetchPreview(site.url)).toBeNull()

    expect(outcomes()).toEqual({ failed: 1 })
  })

  test("is given up after 5,000 ms, and after 2,000 ms where no connection stands by then", async () => {
    const site = await rawSiteOf(() => undefined)
    const { fetchPreview, outcomes } = open()
    const startedAt = performance.now()
    const took = async (url: string) => {
      await fetchPreview(url)
      return performance.now() - startedAt
    }

    // TLS never begins on the second one, so it is never connected.
    const [silent, insecure] = await Promise.all([
      took(site.url),
      took(site.url.replace("http:", "https:")),
    ])

    expect(silent).toBeGreaterThan(4_900)
    expect(insecure).toBeWithin(1_900, silent)
    expect(outcomes()).toEqual({ failed: 2 })
  }, 20_000)

  test("is given up where its name is not found in time", async () => {
    const reach = { ...OWN_MACHINE, resolve: () => new Promise<string[]>(() => undefined) }
    const { fetchPreview, outcomes } = open({
      reach,
      times: { wholeMsMax: 50, connectMsMax: 50 },
    })

    expect(await fetchPreview("http://site.example")).toBeNull()
    expect(outcomes()).toEqual({ failed: 1 })
  })
})

describe("what may not be asked", () => {
  test("by default this machine is not, whatever it is called", async () => {
    const site = siteOf(() => htmlPage(TITLED))
    const { fetchPreview, outcomes } = openWith({})

    for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]) {
      expect(await fetchPreview(`http://${host}:${site.port}/`)).toBeNull()
      expect(await fetchPreview(`http://${host}/${host}`)).toBeNull()
    }

    // Those that are the same address by other words are not looked at again.
    expect(outcomes()).toEqual({ refused: 8 })
    expect(site.asked).toEqual([])
  })

  test("nor is what a page redirects to, by address or by name", async () => {
    const secret = siteOf(() => htmlPage("<title>Secret</title>"))
    const targets = [
      `http://127.0.0.2:${secret.port}/`,
      `http://[::1]:${secret.port}/`,
      `http://secret.example:${secret.port}/`,
      "http://169.254.169.254/latest/meta-data/",
      `http://ann:x@site.example:${secret.port}/`,
      "file:///etc/passwd",
    ]
    const site = siteOf(({ url }) => {
      const target = targets[Number(new URL(url).pathname.slice(1))] ?? ""
      return new Response(null, { status: 301, headers: { location: target } })
    })
    const resolve = async (name: string) => [name === "secret.example" ? "127.0.0.3" : "127.0.0.1"]
    const { fetchPreview, outcomes } = open({ reach: { ...OWN_MACHINE, resolve } })

    for (const index of targets.keys()) {
      expect(await fetchPreview(`${site.url}/${index}`)).toBeNull()
    }

    expect(outcomes()).toEqual({ refused: targets.length })
    expect(secret.asked).toEqual([])
  })

  test("a name that means something else when it is looked up again is asked where it was checked", async () => {
    const site = siteOf(() => htmlPage(TITLED))
    const names: string[] = []
    const resolve = async (name: string) => {
      names.push(name)
      // Nobody listens there: who looked it up again would find nobody.
      return [names.length === 1 ? "127.0.0.1" : "127.0.0.2"]
    }
    const { fetchPreview } = open({ reach: { ...OWN_MACHINE, allowsAddress: () => true, resolve } })

    expect(await fetchPreview(site.url)).toMatchObject(HELLO)
    expect(names).toEqual(["site.example"])
  })

  test("of a name's addresses only the allowed ones are connected to, one after the other", async () => {
    const site = siteOf(() => htmlPage(TITLED))
    const reach = {
      ...OWN_MACHINE,
      allowsAddress: (address: string) => address !== "127.0.0.1",
      resolve: async () => ["127.0.0.1", "127.0.0.2", "127.0.0.3"],
    }

    expect(await open({ reach }).fetchPreview(site.url)).toBeNull()
    expect(site.asked).toEqual([])
    const both = {
      ...OWN_MACHINE,
      allowsAddress: () => true,
      resolve: async () => ["127.0.0.2", "127.0.0.1"],
    }
    expect(await open({ reach: both }).fetchPreview(site.url)).toMatchObject(HELLO)
  })

  test("a proxy of the environment is not asked in its place", async () => {
    const proxy = siteOf(() => htmlPage("<title>By a proxy</title>"))
    const site = siteOf(() => htmlPage(TITLED))
    process.env.http_proxy = `http://127.0.0.1:${proxy.port}`
    toStop.push(() => delete process.env.http_proxy)

    expect(await open().fetchPreview(site.url)).toMatchObject(HELLO)
    expect(proxy.asked).toEqual([])
  })
})

const certificate = makeCertificate("site.example")
if (certificate === null) console.warn("Left out, because there is no openssl: previews by https")

describe.skipIf(certificate === null)("a page that is asked for by https", () => {
  function secureSiteOf(answer: () => Response) {
    const site = openSite(answer, certificate ?? undefined)
    toStop.push(site.stop)
    return site
  }
  const ca = certificate?.cert

  test("is looked at where the certificate is good, and for the name in the address", async () => {
    const site = secureSiteOf(() => htmlPage(TITLED))

    expect(await open({ ca }).fetchPreview(site.url)).toMatchObject(HELLO)
    expect(await open().fetchPreview(site.url)).toBeNull()
    const elsewhere = site.url.replace("site.example", "other.example")
    expect(await open({ ca }).fetchPreview(elsewhere)).toBeNull()
    expect(site.asked).toHaveLength(1)
  })

  test("is not looked at in the open instead, as it redirects; the other way about it is", async () => {
    const inTheOpen = siteOf(() => htmlPage(TITLED))
    const site = secureSiteOf(() => Response.redirect(inTheOpen.url))
    const there = secureSiteOf(() => htmlPage(TITLED))
    const here = siteOf(() => Response.redirect(there.url))
    const { fetchPreview, outcomes } = open({ ca })

    expect(await fetchPreview(site.url)).toBeNull()
    expect(await fetchPreview(here.url)).toMatchObject(HELLO)
    expect(outcomes()).toEqual({ refused: 1, described: 1 })
    expect(inTheOpen.asked).toEqual([])
  })
})

describe("how much is asked", () => {
  test("4 pages at a time, and 100 wait: the 105th has no preview, and may be asked for later", async () => {
    const gate = createGate()
    let looking = 0
    let lookingMost = 0
    const reach = {
      ...OWN_MACHINE,
      async resolve() {
        lookingMost = Math.max(lookingMost, ++looking)
        await gate.wait()
        looking--
        return []
      },
    }
    const { fetchPreview, outcomes } = open({ reach })

    const all = Array.from({ length: 105 }, (_, n) => fetchPreview(`http://a.example/${n}`))
    expect(await all[104]).toBeNull()
    expect(outcomes()).toEqual({ dropped: 1 })
    while (outcomes().refused !== 104) {
      await waitUntil("somebody asks", () => gate.waiting.length > 0 || outcomes().refused === 104)
      gate.openAll()
    }
    await Promise.all(all)

    expect(lookingMost).toBe(4)
    expect(outcomes()).toEqual({ dropped: 1, refused: 104 })
  })

  test("the 31st request of a minute to one site is not made, by whatever names, and one later is", async () => {
    const site = siteOf(() => htmlPage(TITLED))
    const { fetchPreview, outcomes, clock } = open()
    const look = (n: number) => fetchPreview(`http://n${n}.example:${site.port}/`)

    for (let n = 1; n <= 30; n++) expect(await look(n)).toMatchObject(HELLO)
    expect(await look(31)).toBeNull()
    expect(site.asked).toHaveLength(30)
    expect(outcomes()).toEqual({ described: 30, crowded: 1 })

    clock.advance(60_000)
    expect(await look(31)).toMatchObject(HELLO)
  })

  test("nothing once it is to end: what is under way is left at once", async () => {
    const site = await rawSiteOf(() => undefined)
    const { fetchPreview, close, outcomes } = open()
    const all = Array.from({ length: 6 }, (_, n) => fetchPreview(`${site.url}/${n}`))
    await waitUntil("pages are asked for", () => site.open.size === 4)

    close()

    expect(await Promise.all(all)).toEqual(all.map(() => null))
    expect(await fetchPreview(site.url)).toBeNull()
    expect(outcomes()).toEqual({ failed: 6 })
    await waitUntil("the connections are closed", () => site.open.size === 0)
  })
})
