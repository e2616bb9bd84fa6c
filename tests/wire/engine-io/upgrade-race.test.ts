import { describe, expect, test } from "bun:test"
import { EngineSocket } from "../../../src/wire/engine-io/socket"
import type { WebSocketTransport } from "../../../src/wire/engine-io/websocket"
import { type EngineHost, startEngine } from "../../support/engine"
import { openPolling, type WebSocketClient } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

const ROUNDS = 20
const AFTER = 25

interface Race {
  readonly said: readonly string[]
  readonly heard: readonly string[]
  /** Some came by poll, some waited for the WebSocket, some were said after it was there. */
  readonly straddles: boolean
}

/**
 * One upgrade by hand, while messages are said to the session without a pause: published, sent
 * as frames and written in turn. Each is said in a turn of its own, so that the packet `upgrade`
 * arrives between some two of them.
 */
async function race(host: EngineHost): Promise<Race> {
  const client = await openPolling(host)
  const socket = host.sockets.at(-1)
  if (socket === undefined) throw new Error("there is no session")
  socket.subscribe("room")
  const said: string[] = []
  let saidAtUpgrade = 0
  socket.once("upgrade", () => {
    saidAtUpgrade = said.length
  })
  const webSocket = await client.openWebSocket()
  webSocket.send("2probe")
  if ((await webSocket.next()) !== "3probe") throw new Error("the probe failed")

  const saying = sayUntil(
    () => saidAtUpgrade > 0 && said.length > saidAtUpgrade + AFTER,
    (text) => {
      said.push(text)
      if (said.length % 3 === 0) host.publish("room", `4${text}`)
      else if (said.length % 3 === 1) socket.sendFrame(`4${text}`)
      else socket.write(text)
    },
  )
  await waitUntil("something waits", () => said.length > 5)
  const polled = (await client.poll()).split("\x1e")
  webSocket.send("5")
  await saying
  socket.sendFrame("4the end")
  const heard = [...polled, ...(await framesUntilTheEnd(webSocket))].map((it) => it.slice(1))
  webSocket.close()
  const straddles = polled.length < saidAtUpgrade && saidAtUpgrade < said.length
  return { said, heard, straddles }
}

async function sayUntil(isEnough: () => boolean, say: (text: string) => void): Promise<void> {
  const deadline = performance.now() + 3_000
  for (let i = 0; !isEnough(); i++) {
    if (performance.now() > deadline) throw new Error("the upgrade did not come")
    say(String(i))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function framesUntilTheEnd(client: WebSocketClient): Promise<string[]> {
  const frames: string[] = []
  for (;;) {
    const frame = String(await client.next())
    if (frame === "4the end") return frames
    frames.push(frame)
  }
}

describe("an upgrade while messages are said", () => {
  test("loses none, doubles none, and keeps their order", async () => {
    await using host = startEngine()
    let straddled = 0

    for (let round = 0; round < ROUNDS; round++) {
      const { said, heard, straddles } = await race(host)
      expect(heard).toEqual([...said])
      if (straddles) straddled++
    }

    // Rounds in which all was said before or after the upgrade prove nothing.
    expect(straddled).toBeGreaterThan(ROUNDS / 2)
  })

  // The test above has power only if what it looks for can be seen: each of these is broken on
  // purpose, in one way.
  test("one that forgets the topics is seen to lose", async () => {
    await using host = startEngine()
    const broken = breakUpgrades((socket, webSocket, upgrade) => {
      upgrade.call(socket, webSocket)
      for (const topic of webSocket.subscriptions) webSocket.unsubscribe(topic)
    })

    const { said, heard } = await race(host).finally(broken.mend)

    expect(heard.length).toBeLessThan(said.length)
  })

  test("one that follows the topics before what waits is sent, a turn apart, is seen to reorder", async () => {
    await using host = startEngine()
    const broken = breakUpgrades((socket, webSocket, upgrade) => {
      for (const topic of socket.subscriptions) webSocket.subscribe(topic)
      setTimeout(() => upgrade.call(socket, webSocket), 10)
    })

    const { said, heard } = await race(host).finally(broken.mend)

    expect(heard).not.toEqual([...said])
  })
})

type OnUpgraded = (this: EngineSocket, webSocket: WebSocketTransport) => void

function breakUpgrades(
  how: (socket: EngineSocket, webSocket: WebSocketTransport, upgrade: OnUpgraded) => void,
) {
  const sound: OnUpgraded = EngineSocket.prototype.onUpgraded
  EngineSocket.prototype.onUpgraded = function (webSocket) {
    how(this, webSocket, sound)
  }
  return {
    mend: () => {
      EngineSocket.prototype.onUpgraded = sound
    },
  }
}
