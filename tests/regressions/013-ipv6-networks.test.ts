import { expect, test } from "bun:test"
import { shakeHands } from "../support/handshake"
import { type House, openHouse } from "../support/house"
import { asPerson, call, PASSWORD } from "../support/people"

/** Two addresses of one network, one of them spelt in another way, and one of the next network. */
const [FIRST, AGAIN, OTHER, STRANGER] = [
  "2001:db8:0:1::1",
  "2001:DB8:0000:1:0:0:0:1",
  "2001:db8:0:1:ffff:ffff:ffff:2",
  "2001:db8:0:2::1",
]
const EACH = [FIRST, AGAIN, OTHER, STRANGER]
const from = (address: string) => ({ "x-forwarded-for": address })

async function withHouse(env: Record<string, string>, story: (house: House) => Promise<void>) {
  const house = await openHouse({ env: { CHAT_TRUST_PROXY: "1", ...env } })
  try {
    await story(house)
  } finally {
    await house.stop()
  }
}

// Each of the 2^64 addresses of whoever has a network had limits of its own.
test("REST requests from one /64 count together, from the next by themselves", async () => {
  await withHouse({ CHAT_HTTP_MAX_PER_MIN: "1" }, async ({ url }) => {
    const statuses = []
    for (const address of EACH) {
      const request = { method: "GET", path: "/users/me", headers: from(address) }
      statuses.push((await call(url, request)).status)
    }

    expect(statuses).toEqual([401, 429, 429, 401])
  })
})

test("log-ins from one /64 count together, from the next by themselves", async () => {
  await withHouse({ CHAT_AUTH_MAX_PER_MIN: "1" }, async ({ url }) => {
    const statuses = []
    for (const [index, address] of EACH.entries()) {
      const body = { username: `nobody${index}`, password: PASSWORD }
      const request = { method: "POST", path: "/auth/login", body, headers: from(address) }
      statuses.push((await call(url, request)).status)
    }

    expect(statuses).toEqual([401, 429, 429, 401])
  })
})

test("sockets from one /64 count together, from the next by themselves", async () => {
  await withHouse({ CHAT_MAX_CONNECTIONS_PER_ADDRESS: "1" }, async ({ url }) => {
    const open = []
    for (const address of EACH) {
      open.push(await shakeHands(`${url}/api/v1/ws`, from(address)))
    }

    expect(open.map((it) => it.status)).toEqual([101, 429, 429, 101])
    for (const it of open) it.cut()
  })
})

test("the list of sessions shows the whole address, in its one spelling", async () => {
  await withHouse({}, async ({ url }) => {
    const body = { username: "ann", password: PASSWORD }
    const request = { method: "POST", path: "/auth/register", body, headers: from(AGAIN) }
    const ann = asPerson(url, await call(url, request))

    expect((await ann.get("/auth/sessions")).body).toMatchObject([{ address: FIRST }])
  })
})
