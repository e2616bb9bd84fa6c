import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { createMemoryStorage } from "../../src/client"
import type { Storage } from "../../src/client/storage/storage"
import { contentsOf, createClients, viewIn } from "../support/client"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

let server: TestServer
let people = 0
const clients = createClients()

beforeAll(async () => {
  server = await startServer({
    env: {
      CHAT_MAX_MESSAGES_PER_MIN: "0",
      CHAT_MAX_ROOMS_PER_USER: "0",
      CHAT_MAX_JOINS_PER_MIN: "0",
      CHAT_HTTP_MAX_PER_MIN: "0",
      CHAT_AUTH_MAX_PER_MIN: "0",
    },
  })
})
afterEach(() => clients.close())
afterAll(() => server.stop())

const newcomer = (): Promise<Person> => person(server.url, `person${++people}`)
const clientOf = (who: Person, storage?: Storage) =>
  clients.connect(who, { url: server.url, ...(storage === undefined ? {} : { storage }) })

describe("rooms of a client", () => {
  test("given rooms and conversations, then all are listed, those last written to first", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const quiet = await roomOf(ann)
    const busy = await roomOf(ann, [bob])
    const { body: direct } = await bob.post("/conversations", { user_ids: [ann.id] })
    await bob.post(`/rooms/${direct.id}/messages`, { content: "psst" })
    await bob.post(`/rooms/${busy.id}/messages`, { content: "hello" })
    await bob.post(`/rooms/${busy.id}/messages`, { content: `@${ann.name} hello` })

    const client = await clientOf(ann)
    await waitUntil("the last messages are known", () =>
      [busy, direct].every(({ id }) => viewIn(client, id)?.lastMessage !== null),
    )

    expect(client.isReady.value).toBe(true)
    expect(client.rooms.value.map(({ room }) => room.id)).toEqual([busy.id, direct.id, quiet.id])
    expect(viewIn(client, busy.id)).toMatchObject({ unread: 2, mentions: 1, people: [] })
    expect(viewIn(client, direct.id)?.people).toMatchObject([{ id: bob.id }])
    expect(viewIn(client, quiet.id)).toMatchObject({ unread: 0, lastMessage: null })
  })

  test("given an open room, when somebody writes, edits and deletes, then it shows it", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    const client = await clientOf(ann)
    const { timeline } = client.room(room.id)
    await timeline.open()

    const { body: first } = await bob.post(`/rooms/${room.id}/messages`, { content: "one" })
    const { body: second } = await bob.post(`/rooms/${room.id}/messages`, { content: "two" })
    await bob.patch(`/messages/${first.id}`, { content: "uno" })
    await bob.delete(`/messages/${second.id}`)
    await waitUntil("both have changed", () => contentsOf(timeline).join() === "uno,")

    expect(timeline.state.value).toMatchObject({ isAtStart: true, isAtEnd: true, loading: null })
    expect(viewIn(client, room.id)).toMatchObject({ unread: 1, lastMessage: { id: second.id } })
  })

  test("what is sent is shown at once, and once when the server has it", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const client = await clientOf(ann)
    const handle = client.room(room.id)
    await handle.timeline.open()
    const seen: string[] = []
    handle.timeline.state.subscribe(() => {
      const { messages, pending } = handle.timeline.state.value
      seen.push(`${messages.length} and ${pending.length}`)
    })

    handle.send({ content: "one" })
    handle.send({ content: "two" })
    handle.send({ content: "three" })
    await waitUntil("all are stored", () => contentsOf(handle.timeline).length === 3)

    expect(contentsOf(handle.timeline)).toEqual(["one", "two", "three"])
    expect(handle.timeline.state.value.pending).toEqual([])
    expect(seen[0]).toBe("0 and 3")
    // At no time is one shown twice, or not at all.
    for (const it of seen) expect(it.split(" and ").reduce((sum, n) => sum + Number(n), 0)).toBe(3)
    expect(viewIn(client, room.id)?.unread).toBe(0)
  })

  test("given a room is made with me, left and deleted, then the list follows", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const client = await clientOf(ann)
    const listed = () => client.rooms.value.map(({ room }) => room.id)

    const { body: direct } = await bob.post("/conversations", { user_ids: [ann.id] })
    await bob.post(`/rooms/${direct.id}/messages`, { content: "hello" })
    await waitUntil("it is counted", () => viewIn(client, direct.id)?.unread === 1)
    await waitUntil("people are known", () => viewIn(client, direct.id)?.people.length === 1)
    const room = await roomOf(bob, [ann])
    await waitUntil("it is listed", () => listed().includes(room.id))
    const handle = client.room(room.id)
    await waitUntil("I am a member", () => handle.view.value?.membership?.role === "member")
    await ann.post(`/rooms/${room.id}/leave`)
    await waitUntil("it is listed no more", () => !listed().includes(room.id))
    await waitUntil("I am no member", () => handle.view.value?.membership === null)
    await bob.delete(`/rooms/${room.id}`)
    await waitUntil("it is gone", () => handle.trouble.value?.code === "room_not_found")

    expect(handle.view.value).toBeNull()
    expect(listed()).toEqual([direct.id])
  })

  test("given a room that one may read without being a member, then it is live until it is closed", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(bob)
    const client = await clientOf(ann)
    const handle = client.room(room.id)
    await waitUntil("it is known", () => handle.view.value !== null)
    await handle.timeline.open()

    await bob.post(`/rooms/${room.id}/messages`, { content: "hello" })
    await waitUntil("it is heard", () => contentsOf(handle.timeline).length === 1)

    expect(handle.view.value).toMatchObject({ unread: 0, membership: null })
    expect(client.rooms.value).toEqual([])
    handle.close()
    expect(client.room(room.id)).not.toBe(handle)
  })

  test("given a room that is nobody's to read, then it says why", async () => {
    const client = await clientOf(await newcomer())
    const handle = client.room("nowhere")

    await waitUntil("it is known", () => handle.trouble.value !== null)

    expect(handle.trouble.value?.code).toBe("room_not_found")
    expect(handle.view.value).toBeNull()
  })

  test("tells who types, until they have said it, and who is there", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    const [hers, his] = [await clientOf(ann), await clientOf(bob)]
    hers.room(room.id)

    his.room(room.id).setTyping(true)
    await waitUntil("he types", () => viewIn(hers, room.id)?.typing.length === 1)
    expect(viewIn(hers, room.id)?.typing).toEqual([{ userId: bob.id, username: bob.name }])
    expect(viewIn(his, room.id)?.typing).toEqual([])
    his.room(room.id).send({ content: "said" })
    await waitUntil("he has said it", () => viewIn(hers, room.id)?.lastMessage !== null)
    expect(viewIn(hers, room.id)?.typing).toEqual([])
    await waitUntil("he is there", () => hers.presence.value.get(bob.id)?.status === "online")
    his.setStatus("dnd")
    await waitUntil("he is busy", () => hers.presence.value.get(bob.id)?.status === "dnd")
  })

  test("given I read on one device, then the other knows, and others see how far", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    for (let count = 0; count < 5; count++) {
      await bob.post(`/rooms/${room.id}/messages`, { content: `${count}` })
    }
    const [phone, laptop, his] = [await clientOf(ann), await clientOf(ann), await clientOf(bob)]
    await his.room(room.id).loadReads()
    await phone.room(room.id).timeline.open()
    expect(viewIn(laptop, room.id)?.unread).toBe(5)
    const { messages } = phone.room(room.id).timeline.state.value

    phone.room(room.id).markRead(messages[1]?.seq ?? 0)
    await waitUntil("it is counted here", () => viewIn(phone, room.id)?.unread === 3)
    await waitUntil("it is counted there", () => viewIn(laptop, room.id)?.unread === 3)
    phone.room(room.id).markRead(messages[4]?.seq ?? 0)
    await waitUntil("all is read", () => viewIn(laptop, room.id)?.unread === 0)

    const mark = { user_id: ann.id, seq: messages[4]?.seq }
    await waitUntil("he sees it", () => {
      const { value } = his.room(room.id).reads
      return value.some(({ user_id, seq }) => user_id === ann.id && seq === mark.seq)
    })
    expect(his.room(room.id).reads.value).toContainEqual({ user_id: ann.id, seq: mark.seq ?? 0 })
  })

  test("given a new name, then it is shown wherever the user is", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    await bob.post(`/rooms/${room.id}/messages`, { content: "hello" })
    const client = await clientOf(ann)
    const { timeline } = client.room(room.id)
    await timeline.open()

    await bob.patch("/users/me", { display_name: "Robert" })
    const nameOf = () => timeline.state.value.messages[0]?.user.display_name
    await waitUntil("it is shown", () => nameOf() === "Robert")

    expect(viewIn(client, room.id)?.lastMessage?.user.display_name).toBe("Robert")
  })

  test("given more than 200 rooms, then each of them is heard, also after a reload", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const rooms: string[] = []
    for (let count = 0; count < 203; count++) {
      const { body } = await bob.post("/rooms", { name: `room ${count}` })
      await bob.put(`/rooms/${body.id}/members/${ann.id}`)
      rooms.push(body.id)
    }
    const storage = createMemoryStorage()
    const first = await clientOf(ann, storage)
    expect(first.rooms.value).toHaveLength(203)
    await first.close()

    const second = await clientOf(ann, storage)
    const chosen = [rooms[0], rooms[101], rooms[202]].filter((id) => id !== undefined)
    for (const id of chosen) await bob.post(`/rooms/${id}/messages`, { content: "hello" })
    const isHeard = (id: string) => viewIn(second, id)?.lastMessage?.content === "hello"
    await waitUntil("all are heard", () => chosen.every(isHeard))

    // Two of them may have been sent within a millisecond.
    const newest = second.rooms.value.slice(0, 3).map(({ room }) => room.id)
    expect(newest.toSorted()).toEqual(chosen.toSorted())
  }, 30_000)
})
