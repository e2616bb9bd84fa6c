import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Actor, Room } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { messageNumericId } from "../../src/protocol/message-id"
import type { MessagePlaces } from "../../src/store/message-places"
import { draft, openChat, type TestChat } from "../support/chat"
import { changeRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"

/** So many seqs are looked at in one turn. */
const SLICE = 4_096

describe("the places of messages in a room", () => {
  let scratch: Scratch
  let path: string
  let house: TestChat
  let ann: Actor
  let id: RoomId

  beforeEach(async () => {
    scratch = createScratch()
    path = scratch.path("parley.db")
    house = await openChat({ path })
    ann = await house.person("ann", "admin")
    id = await house.room(ann)
  })
  afterEach(async () => {
    await house.close()
    scratch.remove()
  })

  async function room(): Promise<Room> {
    const found = await house.store.read(house.store.rooms.find(id))
    if (found === null) throw new Error("the room is gone")
    return found
  }
  const look = async () => house.store.read(house.store.findPlaces(await room()))
  async function places(): Promise<MessagePlaces> {
    for (;;) {
      const found = await look()
      if (found !== null) return found
    }
  }
  const say = (type: "text" | "system" = "text") =>
    house.chat.messages.sendMessage(ann, draft(id, { type }))
  /** Every place by the tale of the database, to hold the short ways against. */
  const seqsByHand = async () => {
    const all = await house.store.read(
      house.store.messages.saidBetween((await room()).numericId, {
        from: 0,
        until: 2 ** 29,
        limit: 1_000_000,
      }),
    )
    return all.map(({ seq }) => seq).reverse()
  }
  const seqsByRank = ({ total, seqOf }: MessagePlaces) =>
    Array.from({ length: total }, (_, index) => seqOf(index + 1))

  /** As many messages as if they had been sent: sending them takes longer than the test may. */
  async function fill(seqs: readonly number[]): Promise<void> {
    const { numericId } = await room()
    const rows = seqs.map(
      (seq) =>
        `(${messageNumericId(numericId, seq)}, ${numericId}, ${seq}, ${seq}, ${ann.user.numericId}, 'text', 'x', 1)`,
    )
    for (let at = 0; at < rows.length; at += 5_000) {
      changeRows(
        path,
        `insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type, content, created_at) values ${rows.slice(at, at + 5_000).join(",")}`,
      )
    }
    changeRows(path, `update rooms set head = ${seqs.at(-1)} where id = '${id}'`)
  }

  test("given nobody has said anything, then there are none", async () => {
    expect((await places()).total).toBe(0)
  })

  test("given members come and the server speaks between messages, then only those of people count", async () => {
    await say()
    await house.chat.members.joinRoom(await house.person("bob"), id)
    await say()
    await say("system")
    await say("system")
    await say()

    const found = await places()

    expect(seqsByRank(found)).toEqual(await seqsByHand())
    expect(found.total).toBe(3)
  })

  test("given more was said since the last look, then it counts, and so does what came between", async () => {
    await say()
    expect((await places()).total).toBe(1)

    await house.chat.members.joinRoom(await house.person("bob"), id)
    await say()
    await say()

    const found = await places()
    expect(found.total).toBe(3)
    expect(seqsByRank(found)).toEqual(await seqsByHand())
  })

  test("given a long history with gaps at its ends and in its middle, then every place is right", async () => {
    const gaps = new Set([1, 2, 300, 301, 302, 5_000, 4_096, 4_097, 16_384, 20_000])
    await fill(
      Array.from({ length: 20_000 }, (_, index) => index + 1).filter((it) => !gaps.has(it)),
    )
    changeRows(path, `update rooms set head = 20000 where id = '${id}'`)

    const found = await places()

    expect(found.total).toBe(20_000 - gaps.size)
    expect(seqsByRank(found)).toEqual(await seqsByHand())
  })

  test(`given ${SLICE} changes and one more, then the first look takes two turns, and the next one`, async () => {
    await fill(Array.from({ length: SLICE + 1 }, (_, index) => index + 1).slice(1))

    const turns = [await look(), await look(), await look()].map((it) => it?.total ?? null)

    expect(turns).toEqual([null, SLICE, SLICE])
  })

  test("given history was turned back, then nothing of the old one is remembered", async () => {
    await say()
    await say()
    const before = await places()
    changeRows(path, "delete from messages")
    changeRows(path, `update rooms set epoch = 'another', head = 4 where id = '${id}'`)

    const after = await places()

    expect([before.total, after.total]).toEqual([2, 0])
  })
})
