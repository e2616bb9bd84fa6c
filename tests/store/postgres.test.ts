import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Profile } from "../../src/protocol/entities"
import { ChatError } from "../../src/protocol/errors"
import { asKeyId, type RoomId } from "../../src/protocol/ids"
import { openPostgres, type PostgresDatabase } from "../../src/store/postgres"
import { postgresGround } from "../support/both-databases"
import { codeOf } from "../support/chat"
import { canRunPostgres } from "../support/postgres"
import { openNode, type TestNode } from "../support/postgres-node"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe.skipIf(!canRunPostgres())("two nodes on one Postgres", () => {
  let ground: Awaited<ReturnType<typeof postgresGround>>
  let here: TestNode
  let there: TestNode
  let ann: Profile
  let bob: Profile

  // The first one starts a Postgres.
  beforeEach(async () => {
    ground = await postgresGround()
    here = await openNode(ground)
    there = await openNode(ground)
    ann = await here.person("ann")
    bob = await here.person("bob")
  }, 30_000)
  afterEach(async () => {
    await here.store.close()
    await there.store.close()
    await ground.remove()
  })

  const storedSeqs = async (room: RoomId) =>
    (
      await ground.rows(
        `select seq from messages m join rooms r on r.numeric_id = m.room_numeric_id
         where r.id = '${room}' order by seq`,
      )
    ).flat()
  const head = async (room: RoomId) =>
    (await ground.rows(`select head from rooms where id = '${room}'`)).flat()[0]

  test("given both send into one room at once, its seqs have no gap and no double", async () => {
    const room = await here.room("hall", [ann, bob])

    await Promise.all(
      numbers(200).map((index) =>
        index % 2 === 0 ? here.send(room, ann, `a${index}`) : there.send(room, bob, `b${index}`),
      ),
    )

    expect(await storedSeqs(room)).toEqual(numbers(202).slice(2))
    expect(await head(room)).toBe(202)
    const told = [...here.seqsOf(room), ...there.seqsOf(room)].sort((a, b) => a - b)
    expect(told).toEqual(numbers(202))
    expect(there.seqsOf(room)).toEqual(there.seqsOf(room).toSorted((a, b) => a - b))
  })

  test("given the same message sent again and again, on both at once, it is stored and told once", async () => {
    const room = await here.room("hall", [ann])

    const receipts = await Promise.all(
      numbers(20).map((index) => (index % 2 === 0 ? here : there).send(room, ann, "once")),
    )

    expect(new Set(receipts.map((it) => it.message.id)).size).toBe(1)
    expect(receipts.filter((it) => !it.duplicate)).toHaveLength(1)
    expect(await storedSeqs(room)).toEqual([2])
    expect([...here.seqsOf(room), ...there.seqsOf(room)].sort()).toEqual([1, 2])
  })

  test("what many rooms' people send in one turn is few commits, each message in its place", async () => {
    const rooms = await Promise.all(
      numbers(10).map((index) => here.room(`room "${index}" \\ {,}`, [ann, bob])),
    )
    here.batches.length = 0

    const receipts = await Promise.all(
      rooms.flatMap((room) =>
        numbers(10).map((index) => here.send(room, index % 2 === 0 ? ann : bob, null, "ü\\\"{}'")),
      ),
    )

    expect(here.batches).toEqual([100])
    expect(receipts.map((it) => it.message.seq)).toEqual(rooms.flatMap(() => numbers(12).slice(2)))
    for (const room of rooms) expect(await head(room)).toBe(12)
    expect(new Set((await ground.rows("select content from messages")).flat())).toEqual(
      new Set(["ü\\\"{}'"]),
    )
  })

  test("given one message that cannot be stored, the others of its batch are", async () => {
    const room = await here.room("hall", [ann, bob])

    const outcomes = await Promise.allSettled(
      numbers(9).map((index) =>
        here.send(room, ann, `c${index}`, index === 5 ? "not \u0000 text" : "fine"),
      ),
    )

    expect(outcomes.map((it) => it.status === "fulfilled")).toEqual(
      numbers(9).map((index) => index !== 5),
    )
    expect(await storedSeqs(room)).toEqual(numbers(10).slice(2))
    expect(here.troubles).toEqual([])
  })

  test("a text with U+0000 is refused as such, be it new or a change, and nothing is stored of it", async () => {
    const room = await here.room("hall", [ann])
    const { rooms, apiKeys } = here.store
    const change = here.store.write(function* () {
      const found = yield* rooms.find(room)
      if (found === null) throw new Error("there is no hall")
      yield* rooms.update(found.numericId, { ...found, name: "a\0b", seq: 3, now: 2 })
      return { result: undefined, events: [] }
    })

    const codes = await Promise.all([
      codeOf(change),
      codeOf(here.person("a\0b")),
      codeOf(here.send(room, ann, null, "a\0b")),
      codeOf(here.send(room, bob, null, "a\0b")),
    ])
    const revoked = await here.store.write(function* () {
      const result = yield* apiKeys.revoke(asKeyId("a\0b"), ann.numericId, 2)
      return { result, events: [] }
    })

    expect(new Set(codes)).toEqual(new Set(["invalid_request"]))
    expect(revoked).toBe(false)
    expect(await ground.rows("select name, topic from rooms")).toEqual([["hall", null]])
    expect(await ground.rows("select count(*)::int from messages")).toEqual([[0]])
    expect(here.troubles).toEqual([])
  })

  test("what a newcomer sends at once stands in the order it was sent, their joining before it", async () => {
    const room = await here.room("hall", [ann])

    const receipts = await Promise.all(
      numbers(30).map((index) => here.send(room, index % 3 === 0 ? ann : bob, `c${index}`)),
    )

    const bobs = receipts.map((it) => it.message).filter((it) => it.author.id === bob.id)
    expect(bobs.map((it) => it.clientId)).toEqual(
      numbers(30)
        .filter((index) => index % 3 !== 0)
        .map((index) => `c${index}`),
    )
    expect(bobs.map((it) => it.seq)).toEqual(bobs.map((it) => it.seq).toSorted((a, b) => a - b))
    expect(here.seqsOf(room)).toEqual(numbers(32))
  })

  test("writers of one room that are in each other's way all get through, however many they are", async () => {
    const room = await here.room("hall", [ann])

    const seqs = await Promise.all(
      numbers(60).map((index) => (index % 2 === 0 ? here : there).touch(room)),
    )

    expect(seqs.toSorted((a, b) => a - b)).toEqual(numbers(61).slice(1))
    expect([...here.troubles, ...there.troubles]).toEqual([])
  })

  test("two nodes that take one name at once: one has it, and the other's fails", async () => {
    const outcomes = await Promise.allSettled([here.person("cleo"), there.person("cleo")])

    expect(outcomes.map((it) => it.status).sort()).toEqual(["fulfilled", "rejected"])
    expect([...here.troubles, ...there.troubles]).toEqual([])
  })

  test("any mix of acts on both nodes leaves seqs 1, 2, 3 … in each room, told by each in order", async () => {
    const act = fc.record({
      kind: fc.constantFrom("send", "send", "send", "touch", "leave", "turn"),
      node: fc.nat(1),
      who: fc.nat(1),
      where: fc.nat(2),
      clientId: fc.option(fc.constantFrom("x", "y", "z")),
    })
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        round++
        const rooms = await Promise.all(numbers(3).map((it) => here.room(`${round} ${it}`, [ann])))
        let tasks: Promise<unknown>[] = []
        for (const { kind, node, who, where, clientId } of acts) {
          const at = node === 0 ? here : there
          const person = who === 0 ? ann : bob
          const room = rooms[where]
          if (room === undefined) continue
          if (kind === "send") tasks.push(at.send(room, person, clientId))
          if (kind === "touch") tasks.push(at.touch(room))
          if (kind === "leave") tasks.push(at.leave(room, person))
          if (kind === "turn") {
            await Promise.all(tasks)
            tasks = []
          }
        }
        await Promise.all(tasks)

        for (const room of rooms) {
          const told = [...here.seqsOf(room), ...there.seqsOf(room)].sort((a, b) => a - b)
          expect(told).toEqual(numbers(Number(await head(room))))
          for (const { seqsOf } of [here, there]) {
            expect(seqsOf(room)).toEqual(seqsOf(room).toSorted((a, b) => a - b))
          }
        }
      }),
      { numRuns: 25 },
    )
    expect([...here.troubles, ...there.troubles]).toEqual([])
  }, 60_000)

  test("what the command line writes is noticed by running servers, and what they write is not", async () => {
    const beside = await openNode(ground, { isBeside: true })
    await there.person("cleo")
    expect(await here.store.changedElsewhere()).toBe(false)

    await beside.person("dan")

    expect(await here.store.changedElsewhere()).toBe(true)
    expect(await there.store.changedElsewhere()).toBe(true)
    expect(await here.store.changedElsewhere()).toBe(false)
    await beside.store.close()
  })

  test("a secret is made once, whoever asks first", async () => {
    const open = () => openPostgres({ url: ground.url, publish: () => undefined })
    const nodes: PostgresDatabase[] = await Promise.all([open(), open()])

    const secrets = await Promise.all(
      nodes.map((node, index) => node.keepSecret("token_secret", () => `secret ${index}`)),
    )

    expect(secrets[0]).toBe(secrets[1] ?? "")
    expect(await nodes[1]?.keepSecret("token_secret", () => "another")).toBe(secrets[0] ?? "")
    for (const node of nodes) await node.close()
  })

  test("given more reads and writes at once than connections, all are served", async () => {
    const narrow = await openNode(ground, { connectionsMax: 3 })
    const room = await narrow.room("hall", [ann])

    await Promise.all(
      numbers(50).flatMap((index): Promise<unknown>[] => [
        narrow.send(room, ann, `c${index}`),
        narrow.touch(room),
        narrow.store.read(narrow.store.users.findByUsername("ann")),
      ]),
    )

    expect(await head(room)).toBe(101)
    const sessions = await ground.rows(
      "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'parley'",
    )
    // Those of this node, and of the two others at the most ten each.
    expect(Number(sessions.flat()[0])).toBeLessThanOrEqual(3 + 10 + 10)
    await narrow.store.close()
  })

  test("a refusal keeps its code, however often its write was tried", async () => {
    const room = await here.room("hall", [ann])

    const [refused] = await Promise.all([
      codeOf(
        here.store.write(function* () {
          const found = yield* here.store.rooms.find(room)
          if (found !== null) yield* here.store.rooms.takeSeq(found.numericId)
          throw new ChatError("room_limit")
        }),
      ),
      ...numbers(10).map(() => there.touch(room)),
    ])

    expect(refused).toBe("room_limit")
    expect(await head(room)).toBe(11)
  })
})
