import { describe, expect, test } from "bun:test"
import { openWebSocket } from "../support/engine-clients"
import { openHouse } from "../support/house"
import { person } from "../support/people"

describe("Socket.IO packets that are no events have a rate too", () => {
  const PACKETS = [
    ["acknowledgements of nothing", "43/chat,1[]"],
    ["joins of a namespace that is not there", "40/nowhere,"],
    ["packets without a meaning", "6"],
  ] as const

  test.each(PACKETS)("who sends 6,000 %s at once is closed", async (_name, packet) => {
    const { socket, house } = await openSession()

    for (let sent = 0; sent < 6_000; sent++) socket.send(packet)

    expect(await socket.closed()).toBeNumber()
    await house.stop()
  })

  test.each(PACKETS)("who sends 2,000 %s at once is not", async (_name, packet) => {
    const { socket, house } = await openSession()

    for (let sent = 0; sent < 2_000; sent++) socket.send(packet)
    socket.send('42/chat,7["heartbeat"]')

    for (;;) if (String(await socket.next()).startsWith("43/chat,7[")) break
    expect(socket.isOpen).toBe(true)
    socket.close()
    await house.stop()
  })

  async function openSession() {
    const house = await openHouse()
    const { token } = await person(house.url, "ann")
    const socket = await openWebSocket(
      `${house.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket&token=${token}`,
    )
    socket.send("40/chat,")
    while (!String(await socket.next()).startsWith("40/chat,"));
    return { house, socket }
  }
})
