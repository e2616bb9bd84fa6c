import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { createIndexing } from "../../src/core/search-indexing"
import { findPhrases, readQuery } from "../../src/core/search-query"
import type { Actor } from "../../src/protocol/entities"
import type { MessageId, RoomId, RoomNumericId } from "../../src/protocol/ids"
import { wordsOf } from "../../src/protocol/search-terms"
import { nastyText } from "../fuzz/arbitraries"
import { runs } from "../fuzz/runs"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { draft, openChat, type TestChat } from "../support/chat"
import { waitUntil } from "../support/wait"

describe.each(bothDatabases)("the index of words on $name", ({ name, create }) => {
  let ground: TestGround
  let it: TestChat
  let ann: Actor

  beforeAll(async () => {
    ground = await create()
    it = await openChat({ ground })
    ann = await it.person("ann")
  }, 30_000)
  afterAll(async () => {
    await it.close()
    await ground.remove()
  })

  const numberOf = async (id: RoomId): Promise<RoomNumericId> => {
    const room = await it.store.read(it.store.rooms.find(id))
    if (room === null) throw new Error("there is no such room")
    return room.numericId
  }

  async function change(id: MessageId, content: string | null): Promise<void> {
    const { store } = it
    await store.write(function* () {
      const message = yield* store.messages.find(id)
      if (message === null) throw new Error("there is no such message")
      const room = yield* store.rooms.find(message.roomId)
      if (room === null) throw new Error("there is no such room")
      const changedSeq = yield* store.rooms.takeSeq(room.numericId)
      const now = it.now()
      yield* store.messages.save(
        content === null
          ? { ...message, content: "", deletedAt: now, changedSeq }
          : { ...message, content, editedAt: now, changedSeq },
      )
      return { result: undefined, events: [] }
    })
  }

  const indexSome = (room: RoomNumericId, limit: number) =>
    it.store.writeInRoom(() => it.store.search.indexNext(room, limit))

  const text = fc.oneof(
    fc.constantFrom("red", "green", "Red fish", "green fish 🎉", "東京都", "黒猫 red", "fish fish"),
    nastyText.map((it) => `${it.slice(0, 200).toWellFormed().replaceAll("\0", "")}!`),
  )
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("send" as const), text }) },
    fc.record({ type: fc.constant("edit" as const), text, at: fc.nat() }),
    fc.record({ type: fc.constant("delete" as const), at: fc.nat() }),
    fc.record({ type: fc.constant("index" as const), limit: fc.integer({ min: 1, max: 4 }) }),
  )

  test("after whatever was sent, edited, deleted and taken in, each query finds what a look at all messages finds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 14 }),
        fc.array(text, { minLength: 1, maxLength: 4 }),
        async (acts, queries) => {
          // A minute later there may be as many searches again.
          it.advance(60_000)
          const roomId = await it.room(ann)
          const room = await numberOf(roomId)
          const said = new Map<MessageId, string>()
          const ids: MessageId[] = []
          for (const act of acts) {
            if (act.type === "index") await indexSome(room, act.limit)
            else if (act.type === "send") {
              const { message } = await it.chat.messages.sendMessage(
                ann,
                draft(roomId, { content: act.text }),
              )
              said.set(message.id, act.text)
              ids.push(message.id)
            } else {
              const id = ids[act.at % Math.max(1, ids.length)]
              if (id === undefined || !said.has(id)) continue
              await change(id, act.type === "edit" ? act.text : null)
              if (act.type === "edit") said.set(id, act.text)
              else said.delete(id)
            }
          }
          for (const query of ["red", "fish red", "京都", "猫", '"green fish"', ...queries]) {
            const q = query.slice(0, 60)
            const phrases = readQuery(q)
            const expected = [...said].flatMap(([id, content]) =>
              phrases.length > 0 && findPhrases(wordsOf(content), phrases) !== null ? [id] : [],
            )
            const { hits } = await it.chat.search.search(ann, { q, limit: 200, roomId })
            expect([q, hits.map(({ message }) => message.id).sort()]).toEqual([q, expected.sort()])
          }
        },
      ),
      runs(name === "SQLite" ? 40 : 8),
    )
  }, 60_000)

  test("two that take in the same room at once do each message once", async () => {
    const roomId = await it.room(ann)
    const room = await numberOf(roomId)
    for (let count = 0; count < 5; count++) {
      await it.chat.messages.sendMessage(ann, draft(roomId, { content: `twice ${count}` }))
    }

    const steps = await Promise.all([indexSome(room, 4), indexSome(room, 4)])

    expect(steps.map(({ until }) => until).sort()).toEqual([4, 6])
    expect(await indexSome(room, 4)).toEqual({ until: 6, head: 6 })
  })

  test("a start finds what an earlier run has not taken in, and goes on from there", async () => {
    const roomId = await it.room(ann)
    const room = await numberOf(roomId)
    for (let count = 0; count < 5; count++) {
      await it.chat.messages.sendMessage(ann, draft(roomId, { content: `gap ${count}` }))
    }
    await indexSome(room, 3)
    const troubles: unknown[] = []
    const indexing = createIndexing({
      store: it.store,
      onTrouble: (error) => troubles.push(error),
      afterMs: 0,
    })

    indexing.start()
    await indexedUpTo(room, 6)
    // What was stored is counted once the commit has been told.
    await waitUntil("nothing is behind", () => indexing.countBehind() === 0)
    indexing.stop()

    expect(troubles).toEqual([])
  })

  async function indexedUpTo(room: RoomNumericId, seq: number): Promise<void> {
    const deadline = Date.now() + 5_000
    for (;;) {
      const [found] = await it.store.read(
        it.store.search.roomsAmong([room], ann.user.numericId, it.now()),
      )
      if (found?.indexedSeq === seq) return
      if (Date.now() > deadline) throw new Error(`indexed up to ${found?.indexedSeq} only`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
})
