import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type Client, createClient } from "../../src/client"
import type { Api } from "../../src/client/api"
import { type House, openHouse } from "../support/house"
import { PASSWORD, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { refusalOf } from "../support/sdk"

type Group = Exclude<keyof Api, "admin" | "server">
/** `rooms.join` and the like: every call that there is for people. */
type CallName = { [G in Group]: `${G}.${keyof Api[G] & string}` }[Group]

describe("every call of REST", () => {
  let house: House
  let client: Client
  let api: Api
  let bob: Person
  let eve: Person
  let roomId: string

  beforeAll(async () => {
    house = await openHouse({ indexAfterMs: 1 })
    client = createClient({ url: house.url })
    api = client.api
    await client.register({ username: "ann", password: PASSWORD })
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
    roomId = (await api.rooms.create({ name: "general", topic: "all of it" })).id
    await bob.post(`/rooms/${roomId}/join`)
  })
  afterAll(() => house.stop())

  const say = (content: string) => api.messages.send(roomId, { content })
  const tomorrow = () => new Date(house.clock.now() + 86_400_000).toISOString()
  const members = async () =>
    (await api.rooms.members(roomId)).items.map(({ user }) => user.username)

  const calls: Record<CallName, () => Promise<void>> = {
    "auth.sessions": async () => {
      expect((await api.auth.sessions()).items).toMatchObject([{ current: true }])
    },
    "auth.endSession": async () => {
      const other = createClient({ url: house.url })
      await other.login({ username: "ann", password: PASSWORD })
      const { items } = await api.auth.sessions()
      for (const { id, current } of items) if (!current) await api.auth.endSession(id)
      expect(items).toHaveLength(2)
      expect((await refusalOf(other.api.users.me())).code).toBe("unauthorized")
    },
    "auth.changePassword": async () => {
      const change = { current_password: PASSWORD, new_password: `${PASSWORD} staple` }
      await api.auth.changePassword(change)
      expect((await refusalOf(api.auth.changePassword(change))).code).toBe("forbidden")
    },
    "auth.keys": async () => {
      await api.auth.createKey({ name: "listed" })
      expect((await api.auth.keys()).items.map(({ name }) => name)).toContain("listed")
    },
    "auth.createKey": async () => {
      const { key } = await api.auth.createKey({ name: "bot", expires_at: tomorrow() })
      expect(key).toStartWith("prk_")
    },
    "auth.endKey": async () => {
      const { id } = await api.auth.createKey({ name: "ended" })
      await api.auth.endKey(id)
      expect((await api.auth.keys()).items.map(({ name }) => name)).not.toContain("ended")
    },
    "users.list": async () => {
      const first = await api.users.list({ limit: 1 })
      const next = await api.users.list({ limit: 1, cursor: first.cursor })
      expect(next.items[0]?.id).not.toBe(first.items[0]?.id)
      expect((await api.users.list({ query: "bo" })).items).toMatchObject([{ id: bob.id }])
    },
    "users.get": async () => {
      expect((await api.users.get(bob.id)).username).toBe("bob")
      expect((await refusalOf(api.users.get("../rooms"))).code).toBe("user_not_found")
    },
    "users.me": async () => {
      expect(await api.users.me()).toMatchObject({ username: "ann", email: null })
    },
    "users.updateMe": async () => {
      await api.users.updateMe({ display_name: "Ann" })
      expect(client.me.value?.display_name).toBe("Ann")
    },
    "users.deleteMe": async () => {
      const gone = createClient({ url: house.url })
      await gone.register({ username: "gone", password: PASSWORD })
      await gone.api.users.deleteMe()
      expect((await refusalOf(gone.api.users.me())).code).toBe("unauthorized")
    },
    "users.block": async () => {
      await api.users.block(eve.id)
      expect((await api.users.blocks()).items).toMatchObject([{ id: eve.id }])
    },
    "users.blocks": async () => {
      await api.users.block(eve.id)
      expect(await api.users.blocks({ limit: 50 })).toMatchObject({ cursor: null })
    },
    "users.unblock": async () => {
      await api.users.unblock(eve.id)
      expect((await api.users.blocks()).items).toEqual([])
    },
    "rooms.list": async () => {
      const { items, cursor } = await api.rooms.list({ mine: true, type: "public", query: "gen" })
      expect([items.map(({ id }) => id), cursor]).toEqual([[roomId], null])
    },
    "rooms.get": async () => {
      expect(await api.rooms.get(roomId)).toMatchObject({ name: "general", topic: "all of it" })
    },
    "rooms.create": async () => {
      expect(await api.rooms.create({ name: "few", type: "private" })).toMatchObject({
        type: "private",
      })
    },
    "rooms.update": async () => {
      expect((await api.rooms.update(roomId, { max_users: 50 })).max_users).toBe(50)
    },
    "rooms.remove": async () => {
      const { id } = await api.rooms.create({ name: "short" })
      await api.rooms.remove(id)
      expect((await refusalOf(api.rooms.get(id))).code).toBe("room_not_found")
    },
    "rooms.join": async () => {
      const { body } = await bob.post("/rooms", { name: "of bob" })
      expect((await api.rooms.join(body.id)).member_count).toBe(2)
    },
    "rooms.leave": async () => {
      const { body } = await bob.post("/rooms", { name: "left" })
      await api.rooms.join(body.id)
      await api.rooms.leave(body.id)
      expect((await api.rooms.get(body.id)).member_count).toBe(1)
    },
    "rooms.presence": async () => {
      const socket = await bob.connect()
      await socket.ask("subscribe", { all: true })
      expect(await api.rooms.presence(roomId)).toMatchObject([
        { user_id: bob.id, status: "online" },
      ])
      socket.close()
    },
    "rooms.reads": async () => {
      const { seq } = await say("read me")
      await bob.put(`/rooms/${roomId}/read`, { seq })
      expect(await api.rooms.reads(roomId)).toContainEqual({ user_id: bob.id, seq })
    },
    "rooms.members": async () => {
      expect(await members()).toContain("bob")
    },
    "rooms.setMember": async () => {
      expect((await api.rooms.setMember(roomId, bob.id, { role: "moderator" })).role).toBe(
        "moderator",
      )
      await api.rooms.setMember(roomId, bob.id, { role: "member" })
    },
    "rooms.removeMember": async () => {
      await api.rooms.removeMember(roomId, bob.id)
      expect(await members()).not.toContain("bob")
      await api.rooms.setMember(roomId, bob.id)
      expect(await members()).toContain("bob")
    },
    "rooms.bans": async () => {
      expect((await api.rooms.bans(roomId)).items).toEqual([])
    },
    "rooms.ban": async () => {
      const ban = await api.rooms.ban(roomId, eve.id, { reason: "spam", until: tomorrow() })
      expect(ban).toMatchObject({ user_id: eve.id, reason: "spam" })
      expect((await eve.post(`/rooms/${roomId}/join`)).body.code).toBe("banned")
    },
    "rooms.unban": async () => {
      await api.rooms.unban(roomId, eve.id)
      expect((await eve.post(`/rooms/${roomId}/join`)).status).toBe(200)
    },
    "rooms.mute": async () => {
      expect((await api.rooms.mute(roomId, bob.id)).muted_until).not.toBeNull()
    },
    "rooms.unmute": async () => {
      await api.rooms.unmute(roomId, bob.id)
      expect((await bob.post(`/rooms/${roomId}/messages`, { content: "again" })).status).toBe(200)
    },
    "rooms.invites": async () => {
      const { code } = await api.rooms.createInvite(roomId)
      expect((await api.rooms.invites(roomId)).items.map((it) => it.code)).toContain(code)
    },
    "rooms.createInvite": async () => {
      expect((await api.rooms.createInvite(roomId, { max_uses: 2 })).max_uses).toBe(2)
    },
    "rooms.removeInvite": async () => {
      const { code } = await api.rooms.createInvite(roomId)
      await api.rooms.removeInvite(roomId, code)
      expect((await refusalOf(api.rooms.redeemInvite(code))).code).toBe("invite_not_found")
    },
    "rooms.redeemInvite": async () => {
      const { body: room } = await bob.post("/rooms", { name: "club", type: "private" })
      const { body: invite } = await bob.post(`/rooms/${room.id}/invites`)
      expect((await api.rooms.redeemInvite(invite.code)).id).toBe(room.id)
    },
    "rooms.pins": async () => {
      const { id } = await say("pinned")
      await api.messages.pin(id)
      expect((await api.rooms.pins(roomId)).items).toMatchObject([{ id, pinned: true }])
      await api.messages.unpin(id)
    },
    "conversations.open": async () => {
      const { users } = await api.conversations.open([bob.id])
      expect(users.map(({ username }) => username).sort()).toEqual(["ann", "bob"])
    },
    "conversations.list": async () => {
      const { id } = await api.conversations.open([bob.id])
      expect((await api.conversations.list()).items).toMatchObject([{ id }])
    },
    "messages.history": async () => {
      const { seq } = await say("in history")
      const [only] = await api.messages.history(roomId, { after: seq - 1, limit: 1 })
      expect(only?.content).toBe("in history")
    },
    "messages.send": async () => {
      const first = await api.messages.send(roomId, { content: "once", client_id: "c1" })
      const again = await api.messages.send(roomId, { content: "once", client_id: "c1" })
      expect(again).toMatchObject({ id: first.id, duplicate: true })
    },
    "messages.get": async () => {
      const { id } = await say("one")
      expect((await api.messages.get(id)).content).toBe("one")
    },
    "messages.edit": async () => {
      const { id } = await say("befor")
      expect(await api.messages.edit(id, { content: "before" })).toMatchObject({
        content: "before",
      })
    },
    "messages.remove": async () => {
      const { id } = await say("oops")
      expect((await api.messages.remove(id)).deleted_at).not.toBeNull()
    },
    "messages.versions": async () => {
      const { id } = await say("first")
      await api.messages.edit(id, { content: "second" })
      expect((await api.messages.versions(id)).items).toMatchObject([{ content: "first" }])
    },
    "messages.thread": async () => {
      const { id } = await say("a question")
      await api.messages.send(roomId, { content: "an answer", thread_id: id })
      expect(await api.messages.thread(id, { limit: 5 })).toMatchObject([{ content: "an answer" }])
    },
    "messages.forward": async () => {
      const { id } = await say("news")
      const other = await api.rooms.create({ name: "other" })
      const forwarded = await api.messages.forward(id, { room_id: other.id, client_id: "f1" })
      expect(forwarded).toMatchObject({ forwarded_from: id, content: "news" })
    },
    "messages.react": async () => {
      const { id } = await say("funny")
      expect((await api.messages.react(id, "👍🏽")).reactions).toMatchObject([{ emoji: "👍🏽" }])
    },
    "messages.unreact": async () => {
      const { id } = await say("funny once")
      await api.messages.react(id, "#️⃣")
      expect((await api.messages.unreact(id, "#️⃣")).reactions).toEqual([])
    },
    "messages.pin": async () => {
      expect((await api.messages.pin((await say("keep")).id)).pinned).toBe(true)
    },
    "messages.unpin": async () => {
      const { id } = await api.messages.pin((await say("keep not")).id)
      expect((await api.messages.unpin(id)).pinned).toBe(false)
    },
    "scheduled.create": async () => {
      const later = await api.scheduled.create(roomId, { content: "later", send_at: tomorrow() })
      expect(later).toMatchObject({ content: "later", failed: null })
    },
    "scheduled.list": async () => {
      expect((await api.scheduled.list()).items).not.toEqual([])
    },
    "scheduled.update": async () => {
      const [{ id = "" } = {}] = (await api.scheduled.list()).items
      expect((await api.scheduled.update(id, { content: "never" })).content).toBe("never")
    },
    "scheduled.remove": async () => {
      for (const { id } of (await api.scheduled.list()).items) await api.scheduled.remove(id)
      expect((await api.scheduled.list()).items).toEqual([])
    },
    "uploads.create": async () => {
      const shares: number[] = []
      const file = new File(["plain words"], "words.txt", { type: "text/plain" })
      const { id, name } = await api.uploads.create(file, { onProgress: (it) => shares.push(it) })
      expect([name, shares.at(-1)]).toEqual(["words.txt", 1])
      const shown = await api.messages.send(roomId, { content: "", attachment_ids: [id] })
      expect(shown.attachments).toMatchObject([{ name: "words.txt", size: 11 }])
    },
    "uploads.remove": async () => {
      const { id } = await api.uploads.create(new Blob(["x"]), { name: "x.txt" })
      await api.uploads.remove(id)
      expect((await refusalOf(api.uploads.remove(id))).code).toBe("upload_not_found")
    },
    "search.messages": async () => {
      await say("a zanzibar of words")
      const { items } = await api.search.messages({ q: "zanzibar", room_id: roomId })
      expect(items.map(({ snippet }) => snippet)).toEqual(["a <mark>zanzibar</mark> of words"])
    },
    "unread.list": async () => {
      await bob.post(`/rooms/${roomId}/messages`, { content: "@ann look" })
      const unread = (await api.unread.list()).find(({ room_id }) => room_id === roomId)
      expect(unread?.mentions).toBe(1)
    },
  }

  test.each(Object.entries(calls))("%s", async (name, tryOut) => {
    await tryOut()

    const [group = "", call = ""] = name.split(".")
    expect(Object.keys(api[group as Group])).toContain(call)
  })

  test("stands in the table above, or is for admins or for anybody", () => {
    const all = Object.entries(api)
      .filter(([group]) => group !== "admin" && group !== "server")
      .flatMap(([group, its]) => Object.keys(its).map((call) => `${group}.${call}`))
    expect(all.sort()).toEqual(Object.keys(calls).sort())
  })
})

describe("the calls for admins, and for anybody", () => {
  test("server.info tells those who have no account what they will find", async () => {
    const house = await openHouse()
    const { api } = createClient({ url: house.url })

    expect(await api.server.info()).toMatchObject({
      registration: "open",
      limits: { max_message_length: 4_000 },
    })
    await house.stop()
  })

  test("admin.stats, users, setDisabled and rooms show an admin everything, and others nothing", async () => {
    const house = await openHouse()
    const client = createClient({ url: house.url })
    const { api } = client
    await client.register({ username: "root", password: PASSWORD })
    // Before it is looked at whose token it is.
    changeRows(house.path, "update users set role = 'admin' where username = 'root'")
    const bob = createClient({ url: house.url })
    const { id } = await bob.register({ username: "bob", password: PASSWORD })
    await bob.api.rooms.create({ name: "hidden", type: "private" })
    expect((await refusalOf(bob.api.admin.stats())).code).toBe("forbidden")

    expect((await api.admin.stats()).users.total).toBe(2)
    expect((await api.admin.rooms({ query: "hid" })).items).toMatchObject([{ name: "hidden" }])
    expect((await api.admin.setDisabled(id, true)).disabled_at).not.toBeNull()
    expect((await api.admin.users({ query: "bob" })).items).toMatchObject([{ id, role: "user" }])
    expect((await api.admin.setDisabled(id, false)).disabled_at).toBeNull()
    expect(Object.keys(api.admin).sort()).toEqual(["rooms", "setDisabled", "stats", "users"])
    await house.stop()
  })
})
