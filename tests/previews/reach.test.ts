import { describe, expect, test } from "bun:test"
import { createSocket } from "node:dgram"
import { getServers, setServers } from "node:dns"
import { once } from "node:events"
import { addressesToAsk, isPublicAddress, PUBLIC_WEB, type Reach } from "../../src/previews/reach"

/** A name server with one answer, which must not be asked for what is an address already. */
const answering = (...addresses: string[]): Reach => ({
  ...PUBLIC_WEB,
  resolve: async () => addresses,
})

const asked = (url: string, reach = answering("93.184.216.34")) =>
  addressesToAsk(new URL(url), reach)

describe("the public web", () => {
  test.each(["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:2800:220:1::1", "2a00:1450::1"])(
    "%s is in it",
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  test.each<[string, ...string[]]>([
    ["this machine", "127.0.0.1", "127.255.255.254", "::1"],
    ["none", "0.0.0.0", "0.1.2.3", "::"],
    [
      "private networks",
      "10.0.0.1",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "fc00::1",
      "fd12::1",
    ],
    ["links, and what clouds keep there", "169.254.169.254", "fe80::1", "fd00:ec2::254"],
    ["networks behind carriers", "100.64.0.1", "100.127.255.255", "100.100.100.200"],
    ["clouds", "168.63.129.16", "192.0.0.192"],
    ["many hosts", "224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1"],
    [
      "documents and measurements",
      "192.0.2.1",
      "198.51.100.1",
      "203.0.113.1",
      "198.18.0.1",
      "2001:db8::1",
      "2001:2::1",
      "3fff::1",
    ],
    ["reserved", "240.0.0.1", "192.0.0.1", "192.88.99.1", "100::1", "fec0::1", "4000::1"],
    [
      "IPv4 in IPv6",
      "::ffff:127.0.0.1",
      "::ffff:93.184.216.34",
      "::127.0.0.1",
      "64:ff9b::7f00:1",
      "64:ff9b:1::1",
      "2002:7f00:1::1",
      "2001::1",
    ],
    [
      "no addresses",
      "",
      "localhost",
      "127.1",
      "0x7f000001",
      "1.1.1.1 ",
      "fe80::1%eth0",
      "1.1.1.1/8",
    ],
  ])("%s is not: %s", (_, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([])
  })

  test.each([
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://0/",
    "http://①②⑦.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://169.254.169.254/latest/meta-data/",
  ])("%s is not asked, however it is written", async (url) => {
    expect(await asked(url)).toEqual([])
  })

  test.each([
    "http://a.example:8080/",
    "http://a.example:22/",
    "https://a.example:6379/",
    "http://ann:secret@a.example/",
    "http://ann@a.example/",
    "ftp://a.example/",
    "file:///etc/passwd",
    "gopher://a.example/",
    "data:text/html,x",
  ])("%s is not asked, whatever its name means", async (url) => {
    expect(await asked(url)).toEqual([])
  })

  test.each([
    "http://a.example/",
    "https://a.example/",
    "http://a.example:443/",
    "https://a.example:80/",
  ])("%s is asked at what its name means", async (url) => {
    expect(await asked(url)).toEqual(["93.184.216.34"])
  })

  test("a name in other letters is looked up as the network knows it", async () => {
    const names: string[] = []
    const resolve = async (name: string) => {
      names.push(name)
      return ["1.1.1.1"]
    }

    await asked("https://bücher.example/", { ...PUBLIC_WEB, resolve })

    expect(names).toEqual(["xn--bcher-kva.example"])
  })

  test("of a name's addresses only those are left that are public", async () => {
    const reach = answering("10.0.0.1", "1.1.1.1", "::1", "not an address")

    expect(await asked("http://a.example/", reach)).toEqual(["1.1.1.1"])
    expect(await asked("http://a.example/", answering("127.0.0.1", "::1"))).toEqual([])
    expect(await asked("http://a.example/", answering())).toEqual([])
  })

  test("localhost, by the system's own names, is not asked", async () => {
    expect(await asked("http://localhost/", PUBLIC_WEB)).toEqual([])
  })

  test("a name whose server does not answer is waited for without a thread", async () => {
    const silent = createSocket("udp4").bind(0, "127.0.0.1")
    await once(silent, "listening")
    const servers = getServers()
    setServers([`127.0.0.1:${silent.address().port}`])
    try {
      const asking = asked("http://silent.invalid/", PUBLIC_WEB).catch(() => "no address")

      // By this process itself: the system's resolver knows nothing of such a server.
      await once(silent, "message")
      setServers(servers)
      expect(await asking).toBe("no address")
    } finally {
      setServers(servers)
      silent.close()
    }
  }, 5_000)
})
