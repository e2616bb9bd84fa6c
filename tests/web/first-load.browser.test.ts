import { afterAll, beforeAll, expect, test } from "bun:test"
import { openBrowser } from "../support/browser"
import { startServer, type TestServer } from "../support/server"

const browser = openBrowser("the first load of the signed-out page")

let server: TestServer
beforeAll(async () => {
  server = await startServer({ env: { NODE_ENV: "production" } })
})
afterAll(() => server.stop())

/** Of what the server has, packed with gzip. */
async function gzippedSize(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { "accept-encoding": "gzip" }, decompress: false })
  return (await answer.arrayBuffer()).byteLength
}

test.if(browser.isThere)(
  "until one can sign in, a browser loads less than 120 kB with gzip, the page itself among it",
  async () => {
    const page = await browser.open(server)
    await page.getByLabel("Password", { exact: true }).waitFor()

    const loaded: string[] = await page.evaluate(
      "performance.getEntriesByType('resource').map(({ name }) => name)",
    )
    const urls = new Set([server.url, ...loaded])
    const sizes = await Promise.all([...urls].map(gzippedSize))

    expect([...urls].filter((url) => url.includes("/assets/")).length).toBeGreaterThan(3)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(total).toBeGreaterThan(20_000)
    expect(total).toBeLessThan(120_000)
  },
  30_000,
)
