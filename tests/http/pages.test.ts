import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { acceptedEncoding } from "../../src/http/accepted-encoding"
import { startServer, type TestServer } from "../support/server"

let server: TestServer
beforeAll(async () => {
  server = await startServer({ env: { NODE_ENV: "production", CHAT_SERVER_NAME: "Tea" } })
  await fetch(server.url)
}, 30_000)
afterAll(() => server.stop())

/** As it is sent, packed. */
const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(server.url + path, {
    method,
    headers: { "accept-encoding": "identity", ...headers },
    decompress: false,
  })
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer())
/** What a page loads by itself: scripts, what they import right away, styles. */
const loadedBy = (html: string) => [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)]
const assetsOf = async (page: string) =>
  loadedBy(await (await ask(page)).text()).map(([, path = ""]) => path)

describe.each([["/"], ["/playground"]])("the page at %s", (page) => {
  test("runs and loads nothing but files of this server, in nobody's frame", async () => {
    const answer = await ask(page)

    expect(answer.status).toBe(200)
    expect(answer.headers.get("content-type")).toBe("text/html;charset=utf-8")
    const policy = answer.headers.get("content-security-policy")?.split("; ")
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "connect-src 'self'",
      "font-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "x-frame-options": "DENY",
    })
    const html = await answer.text()
    expect(html).not.toMatch(/<script(?![^>]* src="\/assets\/)/)
    expect(html).not.toMatch(/<style|style=|https?:|\son\w+=/)
  })

  test("loads scripts and styles that are there, and may be kept for good", async () => {
    const paths = await assetsOf(page)

    expect(paths.filter((path) => path.endsWith(".js")).length).toBeGreaterThan(0)
    expect(paths.filter((path) => path.endsWith(".css")).length).toBe(1)
    for (const path of paths) {
      const answer = await ask(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
      expect(answer.headers.get("content-type")).toMatch(
        path.endsWith(".css") ? /^text\/css/ : /^text\/javascript/,
      )
      expect(await answer.text()).not.toContain("sourceMappingURL")
    }
  })

  test("is asked for again each time, and sent again only where it is another one", async () => {
    const first = await ask(page)
    const etag = first.headers.get("etag") ?? ""

    const same = await ask(page, { "if-none-match": `"x", ${etag}` })
    const other = await ask(page, { "if-none-match": 'W/"another"' })

    expect(first.headers.get("cache-control")).toBe("no-cache")
    expect(etag).toMatch(/^W\/"[\w-]{16}"$/)
    expect(same.status).toBe(304)
    expect((await bytes(same)).length).toBe(0)
    expect(same.headers.get("content-security-policy")).toBe(
      first.headers.get("content-security-policy"),
    )
    expect(other.status).toBe(200)
  })

  test("is known by any tag of a list, weak or not, by a star, and by nothing that holds its tag", async () => {
    const etag = (await ask(page)).headers.get("etag") ?? ""
    const strong = etag.replace("W/", "")
    const statusFor = async (tags: string) => (await ask(page, { "if-none-match": tags })).status

    for (const tags of ["*", strong, `"x",${etag}`, `${strong} , "x"`]) {
      expect([tags, await statusFor(tags)]).toEqual([tags, 304])
    }
    for (const tags of [`"a${etag}"`, strong.slice(1, -1), `${etag}"`, '""']) {
      expect([tags, await statusFor(tags)]).toEqual([tags, 200])
    }
  })

  test("has a head without a body", async () => {
    const head = await ask(page, {}, "HEAD")

    expect(head.status).toBe(200)
    expect(head.headers.get("etag")).toBe((await ask(page)).headers.get("etag"))
    expect((await bytes(head)).length).toBe(0)
  })
})

describe("a file of the web client", () => {
  test("is packed as its reader likes it, and is the same in every way", async () => {
    const [path = ""] = (await assetsOf("/")).filter((it) => it.includes("/main-"))
    const plain = await ask(path)
    const zipped = await ask(path, { "accept-encoding": "gzip, deflate" })
    const small = await ask(path, { "accept-encoding": "gzip, deflate, br, zstd" })

    const content = await bytes(plain)
    const [gzip, brotli] = [await bytes(zipped), await bytes(small)]
    expect(plain.headers.has("content-encoding")).toBe(false)
    expect(zipped.headers.get("content-encoding")).toBe("gzip")
    expect(small.headers.get("content-encoding")).toBe("br")
    expect(gunzipSync(gzip)).toEqual(content)
    expect(brotliDecompressSync(brotli)).toEqual(content)
    expect(brotli.length).toBeLessThan(gzip.length)
    expect(gzip.length).toBeLessThan(content.length)
    for (const answer of [plain, zipped, small]) {
      expect(answer.headers.get("vary")).toBe("accept-encoding, origin")
    }
  })

  test.each([["nothing.js"], ["toString"], ["..%2f..%2fpackage.json"], ["main.tsx"]])(
    "%s is none",
    async (name) => {
      expect((await ask(`/assets/${name}`)).status).toBe(404)
    },
  )
})

test.each([
  ["gzip, deflate, br", "br"],
  ["GZIP;q=0.5, BR;q=0.1", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br; q=0.000, gzip;q=0", "identity"],
  ["deflate", "identity"],
  ["", "identity"],
  [null, "identity"],
] as const)("accept-encoding %p is given %s", (header, encoding) => {
  expect(acceptedEncoding(header, { br: true, gzip: true })).toBe(encoding)
})

test("an encoding that saves nothing is not there to be chosen", () => {
  expect(acceptedEncoding("br, gzip", { br: false, gzip: true })).toBe("gzip")
  expect(acceptedEncoding("br, gzip", { br: false, gzip: false })).toBe("identity")
})

test("the icon and the manifest are there, with the server's name", async () => {
  const icon = await ask("/favicon.svg")
  const manifest = await ask("/manifest.webmanifest")

  expect(icon.headers.get("content-type")).toBe("image/svg+xml")
  expect(await icon.text()).toStartWith("<svg")
  expect(manifest.headers.get("content-type")).toBe("application/manifest+json")
  expect(await manifest.json()).toMatchObject({ name: "Tea", start_url: "/" })
})

/** The bound is on what a browser asks for before anybody has signed in. */
test("the signed-out page loads with less than 120 kB, gzipped", async () => {
  const wanted = { "accept-encoding": "gzip" }
  const sizes = await Promise.all(
    ["/", ...(await assetsOf("/"))].map(
      async (path) => (await bytes(await ask(path, wanted))).length,
    ),
  )

  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(sizes.length).toBeGreaterThan(2)
  expect(total).toBeGreaterThan(5_000)
  expect(total).toBeLessThan(120_000)
})

test("CHAT_WEB_CLIENT=off leaves an API alone", async () => {
  const bare = await startServer({ env: { CHAT_WEB_CLIENT: "off" } })

  for (const path of [
    "/",
    "/playground",
    "/favicon.svg",
    "/manifest.webmanifest",
    "/assets/x.js",
  ]) {
    expect([path, (await fetch(bare.url + path)).status]).toEqual([path, 404])
  }
  expect((await fetch(`${bare.url}/api/v1/server`)).status).toBe(200)
  await bare.stop()
})
