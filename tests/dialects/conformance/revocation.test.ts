import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import { gatewayEventsProtocol } from "../../support/protocols/gateway-events"
import type { Guest, Place, ProtocolName } from "../../support/protocols/speaker"
import { type ConnectOptions, openStage, type Stage } from "../../support/protocols/stage"

/** What who is in a room is told when they no longer may be. */
type Notices = Readonly<Record<ProtocolName, string>>

const REMOVED: Notices = {
  native: "error: room.removed",
  "room-commands": "error: unauthorized",
  "socketio-rooms": "error: 403 you are no longer in this room",
  "room-path": "error: you are no longer in this room",
  "socketio-conversations": "",
  "gateway-events": "error: Forbidden: you are no longer in this room",
}

const ROOM_DELETED: Notices = {
  native: "error: room.deleted",
  "room-commands": "error: room not found",
  "socketio-rooms": "error: 404 There is no such room",
  "room-path": "error: There is no such room",
  "socketio-conversations": "",
  "gateway-events": "error: Room not found",
}

const SESSION_ENDED: Notices = {
  native: "closed",
  "room-commands": "error: unauthorized",
  "socketio-rooms": "error: 401 Unauthorized",
  "room-path": "error: Valid credentials are needed",
  "socketio-conversations": "error: Unauthorized",
  "gateway-events": "error: Unauthorized",
}

const ACCOUNT_ENDED: Notices = {
  native: "error: room.removed",
  "room-commands": "error: user not found",
  "socketio-rooms": "error: 404 There is no such user",
  "room-path": "error: There is no such user",
  "socketio-conversations": "error: There is no such user",
  "gateway-events": "error: User not found",
}

interface Entry {
  readonly options: ConnectOptions
  readonly end: () => Promise<unknown>
}

let stage: Stage
let ann: Guest
let bob: Guest
beforeAll(async () => {
  stage = await openStage()
})
beforeEach(async () => {
  ann = await stage.guest("ann")
  bob = await stage.guest("bob")
})
afterEach(() => stage.clear())
afterAll(() => stage.stop())

describe.each(PROTOCOLS.filter(({ hasRooms }) => hasRooms))("$title", (protocol) => {
  const endings: readonly [string, Notices, (place: Place) => Promise<unknown>][] = [
    ["is removed from the room", REMOVED, ({ id }) => bob.delete(`/rooms/${id}/members/${ann.id}`)],
    ["is banned from the room", REMOVED, ({ id }) => bob.put(`/rooms/${id}/bans/${ann.id}`)],
    ["is in a room that is deleted", ROOM_DELETED, ({ id }) => bob.delete(`/rooms/${id}`)],
  ]
  test.each([...endings])("who %s is told, and hears no more of it", async (what, notices, end) => {
    const place = await stage.room(bob, ann)
    const elsewhere = await stage.room(bob, ann)
    const his = await stage.arrive(gatewayEventsProtocol, bob, place)
    const hers = await stage.arrive(protocol, ann, place)
    expect(await his.next()).toBe("ann came")

    await end(place)

    expect(await hers.next()).toBe(notices[protocol.name])
    if (protocol.name === "room-path") expect(await hers.line.closed).toBe(4403)
    // Bob, too, is told that his room is gone.
    const isDeleted = notices === ROOM_DELETED
    expect(await his.next()).toBe(isDeleted ? notices["gateway-events"] : "ann went")
    his.say("among us")
    expect(await his.next()).toMatch(isDeleted ? /^error: / : /^bob: among us$/)
    expect(await hers.rest()).toEqual([])
    if (protocol.name === "room-path") return

    const there = await stage.arrive(protocol, ann, elsewhere)
    there.say("I am still here")
    expect(await there.next()).toBe("ann: I am still here")
    // Natively, to send in a public room is to join it again.
    if (protocol.name === "native" && what === "is removed from the room") return
    hers.say("let me in")
    expect(await hers.next()).toStartWith("error: ")
  })

  test.each(endings.filter(([, notices]) => notices === REMOVED))(
    "who %s hears nothing that is said when the request is answered",
    async (_, __, end) => {
      const place = await stage.room(bob, ann)
      const hers = await stage.arrive(protocol, ann, place)

      await end(place)
      await bob.post(`/rooms/${place.id}/messages`, { content: "among us" })

      await hers.next()
      expect(await hers.rest()).toEqual([])
      expect(JSON.stringify(hers.line.frames)).not.toContain("among us")
    },
  )
})

describe.each([...PROTOCOLS])("$title", (protocol) => {
  const byKey = async () => (await ann.post("/auth/keys", { name: "a program" })).body
  const endings: readonly {
    readonly who: string
    readonly notices: Notices
    readonly code: number
    readonly begin: () => Promise<Entry>
  }[] = [
    {
      who: "whose session has ended",
      notices: SESSION_ENDED,
      code: 4102,
      begin: async () => ({ options: {}, end: () => ann.post("/auth/logout") }),
    },
    {
      who: "whose API key is revoked",
      notices: SESSION_ENDED,
      code: 4102,
      begin: async () => {
        const { id, key } = await byKey()
        const options = { headers: { "x-api-key": key } }
        return { options, end: () => ann.delete(`/auth/keys/${id}`) }
      },
    },
    {
      who: "whose account has ended",
      notices: ACCOUNT_ENDED,
      code: 4201,
      begin: async () => ({ options: {}, end: () => ann.delete("/users/me") }),
    },
  ]
  test.each([...endings])("$who is told and closed", async ({ notices, code, begin }) => {
    const place = await stage.placeFor(protocol, bob, ann)
    const his = await stage.arrive(gatewayEventsProtocol, bob, place)
    const { options, end } = await begin()
    // What she ends is at home: where there are two nodes, she hears by the other one.
    const hers = await stage.arrive(protocol, ann, place, { ...options, nodesAway: 1 })
    expect(await his.next()).toBe("ann came")

    await end()

    const isRaw = !protocol.name.startsWith("socketio")
    expect(await hers.line.closed).toBe(isRaw ? code : "io server disconnect")
    const notice = notices[protocol.name]
    expect(await hers.rest()).toEqual(notice === "closed" ? [] : [notice])
    expect(await his.next()).toBe("ann went")
    expect(await his.rest()).toEqual([])
    const frames = hers.line.frames.length
    his.say("among us")
    expect(await his.next()).toBe("bob: among us")
    expect(hers.line.frames.length).toBe(frames)
  })

  test.each([...endings])("$who hears nothing that is said then", async ({ begin }) => {
    const place = await stage.placeFor(protocol, bob, ann)
    const { options, end } = await begin()
    const hers = await stage.arrive(protocol, ann, place, { ...options, nodesAway: 1 })

    await end()
    await bob.post(`/rooms/${place.id}/messages`, { content: "among us" })

    await hers.line.closed
    await hers.rest()
    expect(JSON.stringify(hers.line.frames)).not.toContain("among us")
  })
})
