import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { ONE_OF_EACH, PROTOCOLS } from "../../support/protocols"
import { roomCommandsProtocol } from "../../support/protocols/room-commands"
import { socketIoRoomsProtocol } from "../../support/protocols/socketio-rooms"
import type { AnyFrame, Guest, Place, Protocol, Speaker } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"
import { waitUntil } from "../../support/wait"

const KEY = "the internal key"

let stage: Stage
let ann: Guest
let bob: Guest
beforeAll(async () => {
  stage = await openStage({ env: { INTERNAL_API_KEY: KEY } })
})
beforeEach(async () => {
  ann = await stage.guest("ann")
  bob = await stage.guest("bob")
})
afterEach(async () => {
  stage.clear()
  await waitUntil("all have gone", async () => {
    const pages = await everywhere("/websocket/health")
    return pages.every(({ websocket: { connectedUsers, activeRooms } }) => {
      return connectedUsers === 0 && activeRooms === 0
    })
  })
})
afterAll(() => stage.stop())

/** What each node answers, for those who run the server. */
const everywhere = (path: string): Promise<readonly AnyFrame[]> =>
  Promise.all(
    stage.nodes.map(async ({ url }) => {
      const answer = await fetch(`${url}${path}`, { headers: { "x-internal-api-key": KEY } })
      expect(answer.status).toBe(200)
      return answer.json()
    }),
  )

/** Ann on two devices, and bob. */
async function gather(protocol: Protocol) {
  const place = await stage.placeFor(protocol, ann, bob)
  const hers = await stage.arrive(protocol, ann, place)
  const laptop = await stage.arrive(protocol, ann, place)
  const his = await stage.arrive(protocol, bob, place)
  await stage.settle()
  return { place, hers, laptop, his }
}

/** What they have said has been done where they are, and is known on all nodes. */
async function isHeeded(speaker: Speaker): Promise<void> {
  await speaker.rest()
  await stage.settle()
}

const byId = (ids: readonly string[]) => ids.toSorted()

describe.each([...PROTOCOLS])("who is there by $title", (protocol) => {
  test("counts once, on the pages of every node", async () => {
    const { place } = await gather(protocol)

    for (const page of await everywhere("/stats")) expect(page).toEqual({ connectedUsers: 2 })
    for (const { websocket } of await everywhere("/websocket/health")) {
      expect(websocket).toMatchObject({ connectedUsers: 2, activeRooms: 1, totalTypingUsers: 0 })
    }
    for (const { rooms } of await everywhere("/websocket/stats")) {
      expect(rooms.active).toBe(1)
      const details = protocol.hasRooms ? [{ roomId: place.id, userCount: 2, typingUsers: 0 }] : []
      expect(rooms.details).toMatchObject(details)
    }
  })

  test("counts no more when they have gone", async () => {
    const { hers, laptop, his } = await gather(protocol)
    for (const it of [hers, laptop]) it.line.close()
    await Promise.all([hers.line.closed, laptop.line.closed])

    await waitUntil("bob is alone", async () => {
      const pages = await everywhere("/stats")
      return pages.every(({ connectedUsers }) => connectedUsers === 1)
    })
    for (const { websocket } of await everywhere("/websocket/health")) {
      expect(websocket).toMatchObject({ connectedUsers: 1, activeRooms: 1 })
    }
    his.line.close()
  })
})

describe.each(ONE_OF_EACH.filter(({ hasRooms }) => hasRooms))(
  "a room with $name in it",
  (protocol) => {
    test("is shown with all who are there, wherever one asks", async () => {
      const { place } = await gather(protocol)
      const eve = await stage.guest("eve")

      for (const nodesAway of stage.nodes.keys()) {
        const asking = await stage.connect(socketIoRoomsProtocol("websocket"), eve, place, {
          nodesAway,
        })
        asking.line.send({ event: "getRoomStats", payload: { roomId: place.id } })
        const { payload } = await said(asking, ({ event }) => event === "roomStats")
        expect(payload).toMatchObject({ userCount: 2, typingUsers: [] })
        const ids = payload.users.map(({ userId }: { userId: string }) => userId)
        expect(byId(ids)).toEqual(byId([ann.id, bob.id]))

        const listing = await stage.connect(roomCommandsProtocol, eve, place, { nodesAway })
        listing.line.send({ type: "list_rooms", data: {} })
        const list = await said(listing, ({ type }) => type === "rooms_list")
        const room = list.data.find(({ id }: Place) => id === place.id)
        expect(room.user_count).toBe(2)
        expect(byId(Object.keys(room.users))).toEqual(byId([ann.id, bob.id]))
      }
    })
  },
)

describe.each(PROTOCOLS.filter(({ words }) => words.type({ id: "", numericId: 0 }, true)))(
  "who types by $title",
  (protocol) => {
    test("counts on every node, and no more when they have stopped", async () => {
      const { hers } = await gather(protocol)
      const typing = async (count: number) => {
        await isHeeded(hers)
        for (const { websocket } of await everywhere("/websocket/health")) {
          expect(websocket.totalTypingUsers).toBe(count)
        }
        for (const { rooms } of await everywhere("/websocket/stats")) {
          for (const room of rooms.details) expect(room.typingUsers).toBe(count)
        }
      }

      hers.type(true)
      await typing(1)
      hers.type(false)
      await typing(0)
    })

    test("counts on nodes where nobody else is in the room", async () => {
      const place = await stage.placeFor(protocol, ann, bob)
      const hers = await stage.arrive(protocol, ann, place)
      hers.type(true)
      await isHeeded(hers)

      for (const { websocket } of await everywhere("/websocket/health")) {
        expect(websocket.totalTypingUsers).toBe(1)
      }
      for (const nodesAway of stage.nodes.keys()) {
        const asking = await stage.connect(socketIoRoomsProtocol("websocket"), bob, place, {
          nodesAway,
        })
        asking.line.send({ event: "getRoomStats", payload: { roomId: place.id } })
        const { payload } = await said(asking, ({ event }) => event === "roomStats")
        expect(payload.typingUsers).toEqual([ann.id])
      }
      hers.type(false)
      await isHeeded(hers)
    })
  },
)

/** The first frame that is meant, of all that have come or come yet. */
async function said(
  {
    line,
  }: { readonly line: { frames: readonly AnyFrame[]; moreThan(count: number): Promise<void> } },
  isMeant: (frame: AnyFrame) => boolean,
): Promise<AnyFrame> {
  for (let nth = 0; ; nth++) {
    await line.moreThan(nth)
    const frame = line.frames[nth]
    if (isMeant(frame)) return frame
  }
}
