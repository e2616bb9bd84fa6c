import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { LIMITS } from "../../src/protocol/limits"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { codeOf, draft, openChat, type TestChat } from "../support/chat"

describe.each(bothDatabases)("searching on $name", ({ create }) => {
  let ground: TestGround
  let it: TestChat
  let ann: Actor
  let bob: Actor
  let room: RoomId

  beforeAll(async () => {
    ground = await create()
    it = await openChat({ ground })
    ann = await it.person("ann")
    bob = await it.person("bob")
  }, 30_000)
  afterAll(async () => {
    await it.close()
    await ground.remove()
  })

  const say = (who: Actor, content: string, where = room) =>
    it.chat.messages.sendMessage(who, draft(where, { content }))

  const find = async (who: Actor, q: string, more: object = {}) =>
    (await it.chat.search.search(who, { q, limit: 200, ...more })).hits

  /** What the found messages of the test's room say. */
  const texts = async (q: string, more: object = {}) =>
    (await find(ann, q, { roomId: room, ...more })).map(({ message }) => message.content).sort()

  async function roomWith(...contents: readonly string[]): Promise<void> {
    room = await it.room(ann, [bob], "private")
    for (const content of contents) await say(ann, content)
  }

  test("a message is found as soon as it is acknowledged, by each of its words", async () => {
    await roomWith()
    await say(bob, "The quick brown fox")

    expect(await texts("fox")).toEqual(["The quick brown fox"])
    expect(await texts("fox quick")).toEqual(["The quick brown fox"])
    expect(await texts("fox slow")).toEqual([])
    expect(await texts("fo")).toEqual([])
  })

  test("case, accents and widths of letters make no difference", async () => {
    await roomWith("Café in der Straße", "ΟΔΟΣ ἀγορά", "Ёлка", "ＦＵＬＬ width")

    expect(await texts("cafe STRASSE")).toEqual(["Café in der Straße"])
    expect(await texts("CAFÉ")).toEqual(["Café in der Straße"])
    expect(await texts("οδός ΑΓΟΡΑ")).toEqual(["ΟΔΟΣ ἀγορά"])
    expect(await texts("елка")).toEqual(["Ёлка"])
    expect(await texts("full")).toEqual(["ＦＵＬＬ width"])
  })

  test("in languages without spaces any part of a text is found", async () => {
    await roomWith("東京都に住んでいる黒猫", "我喜欢北京烤鸭", "한국어를 배운다", "สวัสดีครับ", "京")

    expect(await texts("東京")).toEqual(["東京都に住んでいる黒猫"])
    expect(await texts("京都に")).toEqual(["東京都に住んでいる黒猫"])
    expect(await texts("猫")).toEqual(["東京都に住んでいる黒猫"])
    expect(await texts("東都")).toEqual([])
    expect(await texts("烤鸭")).toEqual(["我喜欢北京烤鸭"])
    expect(await texts("京")).toEqual(["京", "我喜欢北京烤鸭", "東京都に住んでいる黒猫"])
    expect(await texts("한국")).toEqual(["한국어를 배운다"])
    expect(await texts("สวัสดี")).toEqual(["สวัสดีครับ"])
  })

  test("words in quotation marks must stand side by side, and what is written together too", async () => {
    await roomWith("red green blue", "green red blue", "version 3.14", "14 of 3")

    expect(await texts('"red green"')).toEqual(["red green blue"])
    expect(await texts("“red green”")).toEqual(["red green blue"])
    expect(await texts('blue "green red')).toEqual(["green red blue"])
    expect(await texts("red green")).toEqual(["green red blue", "red green blue"])
    expect(await texts("3.14")).toEqual(["version 3.14"])
  })

  test("pictures are words", async () => {
    await roomWith("party 🎉🎉", "family 👨‍👩‍👧", "plain")

    expect(await texts("🎉")).toEqual(["party 🎉🎉"])
    expect(await texts("👨‍👩‍👧")).toEqual(["family 👨‍👩‍👧"])
  })

  test("what a database would take for its own language is text, and finds nothing wrong", async () => {
    await roomWith("one AND two", "near or not", "it's a:b terms*")
    const odd = ['"', "'", "AND", "a:b", "terms*", "-one", "NEAR(one two)", "(", "*", "one^2"]

    for (const q of [
      ...odd,
      "{one}",
      "one & !two",
      "one <-> two",
      "\\",
      ":*",
      "%_",
      "; drop table",
      "…",
    ]) {
      expect(Array.isArray(await find(ann, q, { roomId: room }))).toBe(true)
    }
    expect(await texts("AND")).toEqual(["one AND two"])
    expect(await texts("a:b")).toEqual(["it's a:b terms*"])
    expect(await texts("…")).toEqual([])
  })

  test("an edited message is found by what it says now, and a deleted one never", async () => {
    await roomWith("first version", "goes away")
    expect(await texts("version")).toHaveLength(1)
    expect(await texts("away")).toHaveLength(1)
    const [edited] = await find(ann, "version", { roomId: room })
    const [deleted] = await find(ann, "away", { roomId: room })

    await change(edited?.message.id, { content: "second wording", editedAt: it.now() })
    await change(deleted?.message.id, { content: "", deletedAt: it.now() })

    expect(await texts("version")).toEqual([])
    expect(await texts("wording")).toEqual(["second wording"])
    expect(await texts("away")).toEqual([])
    expect(await indexOf(deleted?.message.numericId)).toEqual([])
  })

  test("one that was edited before it was taken in is found by what it says now", async () => {
    await roomWith()
    const { message } = await say(ann, "first version")

    await change(message.id, { content: "second wording", editedAt: it.now() })

    expect(await texts("wording")).toEqual(["second wording"])
    expect(await texts("version")).toEqual([])
  })

  /** What every change of a message does: the next seq, and the new state. */
  async function change(id: unknown, to: object): Promise<void> {
    const { store } = it
    await store.write(function* () {
      const message = yield* store.messages.find(id as never)
      if (message === null) throw new Error("there is no such message")
      const found = yield* store.rooms.find(message.roomId)
      if (found === null) throw new Error("there is no such room")
      const changedSeq = yield* store.rooms.takeSeq(found.numericId)
      yield* store.messages.save({ ...message, ...to, changedSeq })
      return { result: undefined, events: [] }
    })
  }

  /** Whether the words `away` lead to a message, past all rules. */
  const indexOf = async (numericId: unknown) =>
    (await it.store.read(it.store.search.find([["away"]], 100))).filter((key) => key === numericId)

  test("only rooms are searched that the user may read, and nothing tells of the others", async () => {
    await roomWith("kumquat in private")
    const open = await it.room(ann)
    await say(ann, "kumquat in public", open)
    const cleo = await it.person("cleo")
    const words = async (who: Actor) =>
      (await find(who, "kumquat")).map(({ message }) => message.content).sort()

    expect(await words(bob)).toEqual(["kumquat in private", "kumquat in public"])
    expect(await words(cleo)).toEqual(["kumquat in public"])
    expect(await codeOf(find(cleo, "kumquat", { roomId: room }))).toBe("room_not_found")

    await it.chat.moderation.banUser(ann, open, cleo.user.id, { reason: null, until: null })
    expect(await words(cleo)).toEqual([])
    await it.chat.members.leaveRoom(bob, room)
    expect(await words(bob)).toEqual(["kumquat in public"])
    await it.chat.rooms.deleteRoom(ann, open)
    expect(await words(ann)).toEqual(["kumquat in private"])
  })

  test("an author, a time and a file narrow it", async () => {
    await roomWith("apple early")
    const between = it.now()
    it.advance(1_000)
    await say(bob, "apple late")
    await it.chat.messages.sendMessage(
      ann,
      draft(room, { content: "https://example.org/apple.png", type: "image" }),
    )

    expect(await texts("apple", { from: "bob" })).toEqual(["apple late"])
    expect(await texts("apple", { from: bob.user.id })).toEqual(["apple late"])
    expect(await texts("apple", { before: between })).toEqual(["apple early"])
    expect(await texts("apple late", { after: between })).toEqual(["apple late"])
    expect(await texts("apple", { hasFile: true })).toEqual(["https://example.org/apple.png"])
    expect(await codeOf(find(ann, "apple", { from: "nobody" }))).toBe("user_not_found")
  })

  test("pages hold each hit once, whatever is sent between them", async () => {
    await roomWith(...Array.from({ length: 7 }, (_, index) => `pear ${"x ".repeat(index)}`))
    const all = (await find(ann, "pear", { roomId: room })).map(({ message }) => message.seq)

    const paged: number[] = []
    let cursor: unknown
    do {
      const query = { q: "pear", limit: 3, roomId: room, cursor: cursor as never }
      const page = await it.chat.search.search(ann, query)
      paged.push(...page.hits.map(({ message }) => message.seq))
      cursor = page.next
      await say(bob, "pear pear")
    } while (cursor !== null)

    expect(paged).toEqual(all)
    expect(all).toHaveLength(7)
  })

  test("what is more about the words comes first, and of the same the newer", async () => {
    await roomWith("plum", `plum ${"and more ".repeat(20)}`, "plum")
    const seqs = (await find(ann, "plum", { roomId: room })).map(({ message }) => message.seq)

    expect(seqs).toEqual([4, 2, 3].map((seq) => seq + (seqs[1] ?? 0) - 2))
  })

  test("a query of 33 words is refused, and one of 32 is not", async () => {
    await roomWith()
    const words = (count: number) => Array.from({ length: count }, (_, it) => `w${it}`).join(" ")

    expect(await codeOf(find(ann, words(33), { roomId: room }))).toBe("invalid_request")
    expect(await find(ann, words(32), { roomId: room })).toEqual([])
  })

  test("the 121st search in a minute is refused", async () => {
    const dan = await it.person("dan")
    for (let count = 0; count < 120; count++) await find(dan, "…")

    expect(await codeOf(find(dan, "…"))).toBe("rate_limited")
  })

  test("of a room of which nothing is indexed a search takes in 5,000 messages and says what is left", async () => {
    await roomWith()
    const count = LIMITS.searchCatchUpMax + 20
    await Promise.all(Array.from({ length: count }, (_, index) => say(ann, `flood ${index}`)))

    const first = await it.chat.search.search(ann, { q: "flood", limit: 1, roomId: room })
    const second = await it.chat.search.search(ann, { q: "flood 5019", limit: 1, roomId: room })

    expect(first.behind).toBeGreaterThan(0)
    expect(first.behind).toBeLessThanOrEqual(22)
    expect(second.behind).toBe(0)
    expect(second.hits.map(({ message }) => message.content)).toEqual(["flood 5019"])
  }, 30_000)

  test("of what is found the newest 1,000 are ranked", async () => {
    const seqs = new Set<number>()
    let cursor: unknown
    do {
      const query = { q: "flood", limit: 200, roomId: room, cursor: cursor as never }
      const page = await it.chat.search.search(ann, query)
      for (const { message } of page.hits) seqs.add(message.seq)
      cursor = page.next
    } while (cursor !== null)

    expect(seqs.size).toBe(1_000)
    expect(Math.max(...seqs) - Math.min(...seqs)).toBe(999)
  })

  test("a common word is found in rooms that one may read, among many that one may not", async () => {
    const cleo = await it.person("cleo-too")
    const open = await it.room(cleo)
    await say(cleo, "flood in public", open)
    const texts = async (who: Actor) =>
      (await find(who, "flood")).map(({ message }) => message.content)

    expect(await texts(cleo)).toEqual(["flood in public"])
    expect(await texts(bob)).toContain("flood in public")
    expect(await texts(bob)).toContain("flood 5019")
    expect(await find(cleo, "flood", { from: "ann" })).toEqual([])
  })

  test("times are held to exactly, however much there is before and after", async () => {
    const all = await it.store.read(
      (function* () {
        const found = yield* it.store.rooms.find(room)
        return found === null
          ? []
          : yield* it.store.messages.history(found.numericId, { limit: 99_999 })
      })(),
    )
    const [from, until] = [all[2_000]?.createdAt ?? 0, all[2_100]?.createdAt ?? 0]
    const inside = all.filter(({ createdAt }) => createdAt > from && createdAt < until)

    const found = await find(ann, "flood", { roomId: room, after: from, before: until })

    expect(found.map(({ message }) => message.seq).sort((a, b) => a - b)).toEqual(
      inside.map(({ seq }) => seq),
    )
    expect(found.length).toBeGreaterThan(90)
  })

  test("others have their turns while long texts are ranked and shown", async () => {
    const letters = Array.from({ length: 3_990 }, (_, at) => String.fromCodePoint(0x4e00 + at))
    await roomWith()
    const text = `long ${letters.join("")}`
    await Promise.all(Array.from({ length: 60 }, (_, index) => say(ann, `${text} ${index}`)))
    await find(ann, "short", { roomId: room })
    let turns = 0
    let isOver = false
    const count = () => {
      turns++
      if (!isOver) setImmediate(count)
    }

    const searching = find(ann, "long", { roomId: room }).finally(() => {
      isOver = true
    })
    count()

    expect(await searching).toHaveLength(60)
    // Two for the walk, and at least one for each eight of 60 texts, twice.
    expect(turns).toBeGreaterThan(15)
  }, 30_000)

  test("searches of one user come one after the other, and nobody else waits for them", async () => {
    const dora = await it.person("dora")
    const ended: string[] = []
    const search = async (who: Actor, name: string, q: string) => {
      await find(who, q, { roomId: room })
      ended.push(name)
    }
    await it.chat.members.putMember(ann, room, { userId: dora.user.id, role: undefined })

    const long = search(ann, "ann's long one", "long")
    await Promise.all([long, search(ann, "ann's short one", "no"), search(dora, "dora's", "no")])

    expect(ended).toEqual(["dora's", "ann's long one", "ann's short one"])
  }, 30_000)
})
