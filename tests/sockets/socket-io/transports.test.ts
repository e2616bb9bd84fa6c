import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { chatOf, refusalOf } from "../../support/chat-client"
import { type House, openHouse } from "../../support/house"
import { type Person, person } from "../../support/people"
import { waitUntil } from "../../support/wait"

const TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]] as const

describe.each(TRANSPORTS.map((it) => ({ transports: [...it], name: it.join(", then ") })))(
  "the official client over $name",
  ({ transports }) => {
    let house: House
    let ann: Person
    let bob: Person

    beforeAll(async () => {
      house = await openHouse()
      ann = await person(house.url, "ann")
      bob = await person(house.url, "bob")
    })
    afterAll(() => house.stop())

    test("talks to another, each hearing everything once and in order", async () => {
      const annsClient = await chatOf(house.url, ann, { transports })
      const bobsClient = await chatOf(house.url, bob, { transports: ["websocket"] })
      await annsClient.ask("joinRoom", { roomId: "talk" })
      await bobsClient.ask("joinRoom", { roomId: "talk" })

      for (let count = 0; count < 20; count++) {
        annsClient.emit("sendMessage", { roomId: "talk", content: `ann ${count}` })
        await bobsClient.ask("sendMessage", { roomId: "talk", content: `bob ${count}` })
      }
      await annsClient.ask("heartbeat")

      for (const client of [annsClient, bobsClient]) {
        await waitUntil("all is heard", () => messagesOf(client.heard).length >= 40)
        await client.untilQuiet()
        const heard = messagesOf(client.heard)
        for (const name of ["ann", "bob"]) {
          const theirs = heard.filter((it) => it.startsWith(name))
          expect(theirs).toEqual(Array.from({ length: 20 }, (_, count) => `${name} ${count}`))
        }
      }
      annsClient.close()
      bobsClient.close()
    })

    test("is refused without credentials, and told so", async () => {
      const refused = await refusalOf(house.url, { transports })

      expect([refused.message, refused.data]).toEqual(["Unauthorized", { statusCode: 401 }])
    })

    test("comes back by itself when its connection broke, and takes up the talk", async () => {
      const client = await chatOf(house.url, ann, {
        transports,
        reconnection: true,
        reconnectionDelay: 5,
        reconnectionDelayMax: 10,
      })
      const firstId = client.socket.id
      client.socket.io.engine.close()
      await waitUntil("it is back", () => client.socket.connected && client.socket.id !== firstId)

      expect(await client.ask("joinRoom", { roomId: "talk" })).toMatchObject({ success: true })
      client.close()
    })
  },
)

const messagesOf = (heard: readonly { event: string; payload: { content: string } }[]) =>
  heard.filter(({ event }) => event === "receiveMessage").map(({ payload }) => payload.content)
