import { describe, expect, test } from "bun:test"
import { createAddressing, networkOf } from "../../src/auth/address"

const socket = { requestIP: () => ({ address: "10.0.0.1" }) }
const request = (headers: Record<string, string>, url = "http://chat.example/") =>
  new Request(url, { headers })

describe("where a request comes from", () => {
  test.each([
    [0, "1.1.1.1", "10.0.0.1"],
    [1, "1.1.1.1", "1.1.1.1"],
    [1, "6.6.6.6, 1.1.1.1", "1.1.1.1"],
    [2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"],
    [2, "2.2.2.2", "10.0.0.1"],
    [1, "", "10.0.0.1"],
    [1, " 1.1.1.1 ", "1.1.1.1"],
    [1, "1.1.1.1, ", "10.0.0.1"],
    [1, undefined, "10.0.0.1"],
    // Counted from the right: who writes entries of their own only adds to the left.
    [2, "127.0.0.1, 6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"],
    // Fewer entries than proxies, or none that is an address: nothing of it is believed.
    [3, "1.1.1.1, 2.2.2.2", "10.0.0.1"],
    [2, ", 2.2.2.2", "10.0.0.1"],
    [1, "unknown", "10.0.0.1"],
    [1, "_hidden", "10.0.0.1"],
    [1, "1.1.1", "10.0.0.1"],
    [1, "256.1.1.1", "10.0.0.1"],
    [1, "1.1.1.1:port", "10.0.0.1"],
    [1, "1.1.1.1 6.6.6.6", "10.0.0.1"],
    [1, "chat.example", "10.0.0.1"],
    [1, "[::1", "10.0.0.1"],
    // As proxies write them.
    [1, "1.1.1.1:4711", "1.1.1.1"],
    [1, "2001:db8::1", "2001:db8::1"],
    [1, "2001:DB8::1", "2001:db8::1"],
    [1, "[2001:db8::1]", "2001:db8::1"],
    [1, "[2001:db8::1]:4711", "2001:db8::1"],
    [1, "::ffff:1.1.1.1", "1.1.1.1"],
    // However it is spelt, it is one address.
    [1, "2001:0db8:0:0:0:0:0:1", "2001:db8::1"],
    [1, "2001:db8:0:0:1::1", "2001:db8::1:0:0:1"],
    [1, "0:0:0:0:0:FFFF:1.1.1.1", "1.1.1.1"],
    [1, "::ffff:101:101", "1.1.1.1"],
    [1, "fe80::1%eth0", "fe80::1"],
    [2, "[2001:db8::1]:4711,2.2.2.2:80", "2001:db8::1"],
  ])("behind %i proxies, with X-Forwarded-For %p, is %s", (trustedProxies, entries, address) => {
    const { addressOf } = createAddressing({ trustedProxies })
    const headers = entries === undefined ? {} : { "x-forwarded-for": entries }

    expect(addressOf(request(headers), socket)).toBe(address)
  })

  test("is unknown where nobody says", () => {
    const { addressOf } = createAddressing({ trustedProxies: 0 })

    expect(addressOf(request({}), null)).toBe("unknown")
    expect(addressOf(request({}), { requestIP: () => null })).toBe("unknown")
  })

  test.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:DB8:0::1", "2001:db8::1"],
    ["::1", "::1"],
  ])("straight from %s, is %s", (address, shown) => {
    const { addressOf } = createAddressing({ trustedProxies: 0 })

    expect(addressOf(request({}), { requestIP: () => ({ address }) })).toBe(shown)
  })

  test.each([
    ["::1", true],
    ["127.8.8.8", true],
    ["::ffff:127.0.0.1", true],
    ["::2", false],
    ["::ffff:128.0.0.1", false],
  ])("straight from %s, is of this machine: %p", (address, isOurs) => {
    const { isLocal } = createAddressing({ trustedProxies: 0 })

    expect(isLocal(request({}), { requestIP: () => ({ address }) })).toBe(isOurs)
  })

  test("came by https where the address says so, or a proxy that is believed", () => {
    const [direct, behind] = [0, 1].map((trustedProxies) => createAddressing({ trustedProxies }))
    const https = { "x-forwarded-proto": "https" }

    expect(direct?.isSecure(request(https))).toBe(false)
    expect(direct?.isSecure(request({}, "https://chat.example/"))).toBe(true)
    expect(behind?.isSecure(request(https))).toBe(true)
    expect(behind?.isSecure(request({ "x-forwarded-proto": "https, http" }))).toBe(false)
    expect(behind?.isSecure(request({}))).toBe(false)
  })
})

describe("what limits count by", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["unknown", "unknown"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8::ffff:0:0:1", "2001:db8:0:0::/64"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4::/64"],
    ["1::", "1:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
