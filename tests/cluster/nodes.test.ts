import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { HOLD_MS, RECONCILE_MS } from "../../src/cluster/timing"
import { asUserId } from "../../src/protocol/ids"
import { changesHeard, listening } from "../support/listening"
import { at, type Nodes, openNodes, type TestNode } from "../support/nodes"
import { type Person, person, roomOf } from "../support/people"
import { openPlainSocket } from "../support/plain-socket"
import type { TestSocket } from "../support/socket"

/** What is lost comes after so long at the most, where nothing tells that it is: and a little. */
const BOUND_MS = RECONCILE_MS + HOLD_MS + 1_000

describe("two nodes on one database", () => {
  let cluster: Nodes
  let here: TestNode
  let there: TestNode
  let ann: Person
  let bob: Person

  beforeEach(async () => {
    cluster = await openNodes()
    ;[here, there] = cluster.nodes
    ann = await person(here.url, "ann")
    bob = at(there, await person(here.url, "bob"))
  })
  afterEach(() => cluster.stop())

  const say = (somebody: Person, { id }: { id: string }, content: string) =>
    somebody.post(`/rooms/${id}/messages`, { content })

  const seqsOf = async (socket: TestSocket) => (await changesHeard(socket)).map(({ seq }) => seq)

  /** As on the command line, which is the only way to a first admin. */
  const makeAdmin = ({ id }: Person) =>
    here.store.write(function* () {
      const user = yield* here.store.users.find(asUserId(id))
      if (user === null) throw new Error(`there is no user ${id}`)
      yield* here.store.accountChanges.setRole(user.numericId, "admin", here.clock.now())
      return { result: undefined, events: [] }
    })

  /** Words to this node are lost that are about a room's events. */
  const losing = (node: TestNode, ...types: readonly string[]) => {
    node.carry = ({ type }, deliver) => {
      if (!types.includes(type)) deliver()
    }
  }

  test("given both send at once and words come late, then each hears every message once, in order", async () => {
    const room = await roomOf(ann, [bob])
    const sockets = [await listening(ann, room), await listening(bob, room)]
    let turn = 0
    for (const node of cluster.nodes) {
      node.carry = (_, deliver) => {
        turn = (turn * 7 + 3) % 11
        setTimeout(deliver, turn)
      }
    }

    const senders = [ann, bob].flatMap((it) => Array.from({ length: 20 }, () => it))
    await Promise.all(senders.map((it, n) => say(it, room, `number ${n}`)))

    const all = Array.from({ length: 40 }, (_, n) => room.head + 1 + n)
    for (const socket of sockets) {
      await socket.next(({ seq }) => seq === all.at(-1))
      expect(await seqsOf(socket)).toEqual(all)
    }
  })

  test("given the words of messages are lost, then they are heard within the bound", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await listening(bob, room)
    losing(there, "message.created")

    for (const content of ["one", "two", "three"]) await say(ann, room, content)
    const startedAt = performance.now()
    await socket.next(({ data }) => data.content === "three")

    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS)
    expect(await seqsOf(socket)).toEqual([3, 4, 5])
  })

  test("given the word of a removal is lost, then who was removed hears of it within the bound, and nothing after", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await listening(bob, room)
    losing(there, "member.left", "room.removed")

    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    const startedAt = performance.now()
    await socket.next("member.left")
    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS)
    await say(ann, room, "in private")

    expect(await seqsOf(socket)).toEqual([3])
  })

  test("given the word of a removal is lost but not the notice of it, then who was removed hears nothing more at once", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await listening(bob, room)
    losing(there, "member.left")

    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    await socket.next("room.removed")
    await socket.framesUntilQuiet()
    await say(ann, room, "in private")

    await socket.framesUntilQuiet(3 * HOLD_MS)
    expect(await seqsOf(socket)).toEqual([])
  })

  test("given a message is late and a removal is not, then who was removed hears nothing after the removal was answered", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await listening(bob, room)
    losing(there, "message.created")

    await say(ann, room, "lost")
    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    await say(ann, room, "in private")

    await socket.framesUntilQuiet(3 * HOLD_MS)
    expect(await seqsOf(socket)).toEqual([])
  })

  test("given a cut, then a room that becomes private is heard by no stranger after the bound", async () => {
    const room = await roomOf(ann)
    const socket = await listening(bob, room)
    cluster.hub.cut()

    await ann.patch(`/rooms/${room.id}`, { type: "private", name: "secret" })
    await Bun.sleep(BOUND_MS)
    await say(ann, room, "in private")
    cluster.hub.mend()

    const heard = (await socket.framesUntilQuiet(BOUND_MS)).map(({ data }) => data?.content)
    expect(heard).not.toContain("in private")
    expect(socket.frames.map(({ data }) => data?.content)).not.toContain("in private")
  }, 20_000)

  test("given a cut, then a session that was ended elsewhere ends here within the bound", async () => {
    const socket = await bob.connect()
    cluster.hub.cut()

    await at(here, bob).post("/auth/logout")
    const startedAt = performance.now()

    expect(await socket.closed).toMatchObject({ code: 4102 })
    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS)
  })

  test("given an admin here disables bob, then his socket there ends, and so does all he could do", async () => {
    const root = await person(here.url, "root")
    await makeAdmin(root)
    const socket = await bob.connect()

    const { status } = await root.put(`/admin/users/${bob.id}/disabled`)

    expect(status).toBe(200)
    expect(await socket.closed).toMatchObject({ code: 4201 })
    expect((await bob.get("/users/me")).status).toBe(401)
    await root.delete(`/admin/users/${bob.id}/disabled`)
    expect((await bob.get("/users/me")).status).toBe(200)
  })

  test("given a cut while somebody was added to a room, then who follows all rooms is told and hears it when it is over", async () => {
    const room = await roomOf(ann)
    const socket = await bob.connect()
    await socket.ask("subscribe", { rooms: [], all: true })
    cluster.hub.cut()

    await ann.put(`/rooms/${room.id}/members/${bob.id}`, {})
    cluster.hub.mend()

    expect((await socket.next("room.added")).data.id).toBe(room.id)
    await say(ann, room, "welcome")
    expect((await socket.next("message.created")).data.content).toBe("welcome")
  })

  test("given a room that bob does not want to hear, then a look at all places does not bring it back", async () => {
    const room = await roomOf(ann, [bob])
    const socket = await bob.connect()
    await socket.ask("subscribe", { rooms: [], all: true })
    await socket.ask("unsubscribe", { room_ids: [room.id] })

    cluster.hub.cut()
    cluster.hub.mend()
    await socket.framesUntilQuiet(300)
    await say(ann, room, "for others")

    expect(await seqsOf(socket)).toEqual([])
  })

  test("given bob is added elsewhere, then he hears that he has joined, once, and what follows", async () => {
    const room = await roomOf(ann)
    const socket = await bob.connect()
    await socket.ask("subscribe", { rooms: [], all: true })

    await ann.put(`/rooms/${room.id}/members/${bob.id}`, {})
    await say(ann, room, "welcome")

    await socket.next("message.created")
    const heard = await changesHeard(socket)
    expect(heard.map(({ type, seq }) => `${type} ${seq}`)).toEqual([
      "member.joined 2",
      "message.created 3",
    ])
  })

  test("given late and lost words, then who joins while messages flow is told each once, in the history or live", async () => {
    const room = await roomOf(ann, [bob])
    await listening(bob, room)
    let turn = 0
    there.carry = (message, deliver) => {
      turn = (turn * 7 + 3) % 11
      if (message.type !== "message.created" || turn > 1) setTimeout(deliver, turn)
    }
    let sent = 0
    let isFlowing = true
    const flow = (async () => {
      while (isFlowing && sent < 400) await say(sent % 2 ? ann : at(here, bob), room, `${++sent}`)
    })()

    const joiners = []
    for (let n = 0; n < 8; n++) {
      await Bun.sleep(20)
      const address = `${there.url}/api/v1/ws/${room.id}/${bob.id}`
      joiners.push({ socket: await openPlainSocket(address, { token: bob.token }) })
    }
    isFlowing = false
    await flow

    for (const { socket } of joiners) {
      const { messages } = await socket.next()
      const live: string[] = []
      for (const told = () => Number(live.at(-1) ?? messages.at(-1)?.content); told() < sent; ) {
        const frame = await socket.next()
        if (frame.content !== undefined) live.push(frame.content)
      }
      const all = [...messages.map(({ content }: { content: string }) => content), ...live]
      const from = Number(all[0])
      expect(all.map(Number)).toEqual(all.map((_, n) => from + n))
      socket.close()
    }
  }, 30_000)
})
