/**
 * Takes the pictures of the README anew, by `bun docs/images/take.ts`: a server with a small team
 * that talks, and Debian's chromium in front of it. Looks the same on any day.
 */
import { type Browser, chromium, type Page } from "playwright-core"
import { createClock } from "../../tests/support/clock"
import { PASSWORD } from "../../tests/support/people"
import { startServer } from "../../tests/support/server"
import { type Scene, setScene } from "./scene"

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
/** A Wednesday; all is told in the zone of whoever looks, which is this one. */
const BEGIN = Date.parse("2026-03-04T09:12:00Z")
const ZONE = "UTC"
/** A font that is the same wherever there is one of its measures. */
const FONT = `:root { --font: "Liberation Sans", Arial, sans-serif, "Noto Color Emoji" }`

interface Shot {
  readonly name: string
  readonly viewport: typeof DESKTOP
  readonly theme: "light" | "dark"
  readonly isMobile?: true
  readonly path: string
  /** Comes to what is shown. */
  readonly go: (page: Page) => Promise<void>
}

const shotsOf = ({ roomId, threadOf }: Scene): readonly Shot[] => [
  {
    name: "chat",
    viewport: DESKTOP,
    theme: "light",
    path: "/",
    go: (page) => showRoom(page, `${roomId}?thread=${threadOf}`),
  },
  {
    name: "phone",
    viewport: PHONE,
    theme: "dark",
    isMobile: true,
    path: "/",
    go: (page) => showRoom(page, roomId),
  },
  {
    name: "playground",
    viewport: DESKTOP,
    theme: "light",
    path: "/playground",
    go: (page) => playIn(page, roomId),
  },
]

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("User name or e-mail").fill("ann")
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.getByRole("link", { name: "launch" }).waitFor()
}

async function showRoom(page: Page, place: string): Promise<void> {
  await signIn(page)
  await page.evaluate(`location.hash = ${JSON.stringify(`#/rooms/${place}`)}`)
  await page.getByRole("button", { name: /first-load/ }).waitFor()
  await page.waitForLoadState("networkidle")
}

async function playIn(page: Page, roomId: string): Promise<void> {
  await page.getByLabel("User name").fill("ann")
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.getByLabel("Room", { exact: true }).fill(roomId)
  await page.getByRole("button", { name: "Connect", exact: true }).click()
  await page.getByText("Connected", { exact: true }).waitFor()
  for (const command of ["subscribe (all)", "message.send"]) {
    await page.getByLabel("Command").selectOption(command)
    await page.getByRole("button", { name: "Send", exact: true }).click()
  }
  await page.getByRole("listitem").filter({ hasText: "message.created" }).first().waitFor()
}

async function take(browser: Browser, url: string, shot: Shot, now: number): Promise<void> {
  const context = await browser.newContext({
    viewport: shot.viewport,
    colorScheme: shot.theme,
    isMobile: shot.isMobile === true,
    hasTouch: shot.isMobile === true,
    locale: "en-GB",
    timezoneId: ZONE,
    reducedMotion: "reduce",
    // For the font: nothing else comes from elsewhere.
    bypassCSP: true,
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(now)
  await page.goto(url + shot.path)
  await page.addStyleTag({ content: FONT })
  await shot.go(page)
  // Nothing is pointed at, but where there is a mouse.
  if (shot.isMobile === true) await page.mouse.move(0, 0)
  await page.screenshot({ path: `${import.meta.dir}/${shot.name}.png`, caret: "hide" })
  await context.close()
}

/** What somebody shows in the talk. */
async function drawChart(browser: Browser): Promise<Uint8Array<ArrayBuffer>> {
  const page = await browser.newPage({ viewport: { width: 720, height: 300 } })
  const bars = [2.4, 2.2, 2.3, 1.6, 1.1, 0.8].map(
    (seconds, at) => `<rect x="${30 + at * 112}" y="${270 - seconds * 75}" width="90"
      height="${seconds * 75}" rx="6" fill="${at > 3 ? "#3b54d3" : "#a9b4e8"}" />
      <text x="${75 + at * 112}" y="${260 - seconds * 75}" text-anchor="middle">${seconds}</text>`,
  )
  await page.setContent(`<body style="margin:0;background:#f7f8fc">
    <svg width="720" height="300" font-family="Liberation Sans, Arial" font-size="20"
      fill="#39415a"><text x="30" y="40" font-weight="bold">First load, seconds</text>${bars.join("")}</svg>`)
  const picture = await page.screenshot()
  await page.close()
  return new Uint8Array(picture)
}

const clock = createClock()
clock.advance(BEGIN - Date.now())
const env = { CHAT_HTTP_MAX_PER_MIN: "0", CHAT_ACCESS_TOKEN_TTL: "30d" }
const server = await startServer({ env, clock })
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
})
try {
  const scene = await setScene(server, await drawChart(browser))
  for (const shot of shotsOf(scene)) await take(browser, server.url, shot, clock.now())
} finally {
  await browser.close()
  await server.stop()
}
