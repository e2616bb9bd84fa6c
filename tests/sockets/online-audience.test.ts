import { expect, test } from "bun:test"
import { chatOf } from "../support/chat-client"
import { openWebSocket } from "../support/engine-clients"
import { openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"

const AT_ONCE = 100

test("up to 1,000 sockets of the namespace hear of everybody, beyond that those who share a room", async () => {
  const house = await openHouse({ env: { CHAT_MAX_CONNECTIONS_PER_USER: "0" } })
  const names = ["crowd", "stranger", "friend", "zoe"] as const
  const [crowd, stranger, friend, zoe] = await Promise.all(
    names.map((name) => person(house.url, name)),
  )
  if (!(crowd && stranger && friend && zoe)) throw new Error("somebody is missing")
  const room = await roomOf(zoe, [friend])
  const strangersClient = await chatOf(house.url, stranger)
  const friendsClient = await chatOf(house.url, friend)
  await friendsClient.ask("joinRoom", { roomId: room.id })
  // With the two, and with zoe's own, there are 1,000.
  const sockets = await openMany(house.url, crowd, 997)
  await strangersClient.untilQuiet()
  await friendsClient.untilQuiet()

  const thousandth = await chatOf(house.url, zoe)
  expect(await strangersClient.next("userOnline")).toMatchObject({ username: "zoe" })
  expect(await friendsClient.next("userOnline")).toMatchObject({ username: "zoe" })
  thousandth.close()
  await strangersClient.next("userOffline")
  await friendsClient.next("userOffline")
  sockets.push(...(await openMany(house.url, crowd, 1)))
  const oneTooMany = await chatOf(house.url, zoe)

  expect(await friendsClient.next("userOnline")).toMatchObject({ username: "zoe" })
  expect(await strangersClient.untilQuiet()).toEqual([])
  for (const client of [oneTooMany, strangersClient, friendsClient]) client.close()
  for (const socket of sockets) socket.close()
  await house.stop()
}, 30_000)

/** Bare sockets of the namespace: a client of its own for each would take longer. */
async function openMany(url: string, { token }: Person, count: number) {
  const sockets: Awaited<ReturnType<typeof openWebSocket>>[] = []
  while (sockets.length < count) {
    const opening = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, async () => {
      const socket = await openWebSocket(
        `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
      )
      await socket.next()
      socket.send(`40/chat,${JSON.stringify({ token })}`)
      await socket.next()
      return socket
    })
    sockets.push(...(await Promise.all(opening)))
  }
  return sockets
}
