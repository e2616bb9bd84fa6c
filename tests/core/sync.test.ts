import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Actor } from "../../src/protocol/entities"
import { draft, openChat } from "../support/chat"
import { isOnPostgres } from "../support/databases"

describe("catching up", () => {
  test("whatever happened, and whatever fits in a page, walking the changes ends in the same state as having been there", async () => {
    const act = fc.record({
      kind: fc.constantFrom("say", "say", "come", "go", "rename"),
      who: fc.nat(2),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(5),
        async (acts, limit, since) => {
          const { chat, told, person, room, close } = await openChat()
          const people = [await person("ann"), await person("bob"), await person("cleo")]
          const [ann] = people as [Actor, ...Actor[]]
          const id = await room(ann, people.slice(1))
          for (const [index, { kind, who }] of acts.entries()) {
            const actor = people[who] ?? ann
            const task =
              kind === "say"
                ? chat.messages.sendMessage(actor, draft(id, { content: `${index}` }))
                : kind === "come"
                  ? chat.members.joinRoom(actor, id)
                  : kind === "go"
                    ? chat.members.leaveRoom(actor, id)
                    : chat.rooms.updateRoom(ann, id, { name: `n${index}` })
            // Leaving twice, or renaming as a former owner, is refused: that happens as well.
            await task.catch(() => undefined)
          }

          const seen: number[] = []
          const states = new Map<string, unknown>()
          let at = since
          for (let more = true; more; ) {
            const position = { epoch: "epoch", since: at }
            const page = await chat.sync.readChanges(ann, id, { position, limit })
            if (!page.recovered) {
              expect(at).toBeGreaterThan(page.room.head)
              break
            }
            for (const it of [...page.messages, ...page.members]) {
              expect(it.changedSeq).toBeGreaterThan(at)
              expect(it.changedSeq).toBeLessThanOrEqual(page.until)
              seen.push(it.changedSeq)
              states.set("author" in it ? it.id : it.user.id, it)
            }
            expect(page.more ? page.until > at : page.until === page.room.head).toBe(true)
            at = page.until
            more = page.more
          }

          expect(new Set(seen).size).toBe(seen.length)
          const lastTold = new Map<string, object>()
          for (const event of told) {
            if (!("seq" in event) || event.seq <= since) continue
            if ("message" in event) {
              const { id, changedSeq, content } = event.message
              lastTold.set(id, { changedSeq, content })
            }
            if ("member" in event) {
              const { user, changedSeq, role, leftAt } = event.member
              lastTold.set(user.id, { changedSeq, role, leftAt })
            }
          }
          for (const [key, state] of lastTold) expect(states.get(key)).toMatchObject(state)
          await close()
        },
      ),
      // The rules are the same on either database, and each step takes longer on PostgreSQL.
      { numRuns: isOnPostgres ? 10 : 40 },
    )
  })

  test("a room is told when it changed, on the page that its change is on", async () => {
    const { chat, person, room, close } = await openChat()
    const ann = await person("ann")
    const id = await room(ann)
    await chat.messages.sendMessage(ann, draft(id))
    await chat.rooms.updateRoom(ann, id, { topic: "3" })
    await chat.messages.sendMessage(ann, draft(id))
    await chat.messages.sendMessage(ann, draft(id))
    const read = (since: number, limit: number) =>
      chat.sync.readChanges(ann, id, { position: { epoch: "epoch", since }, limit })

    expect(await read(1, 1)).toMatchObject({ until: 2, roomChanged: false, more: true })
    expect(await read(2, 1)).toMatchObject({ until: 4, roomChanged: true, more: true })
    expect(await read(4, 1)).toMatchObject({ until: 5, roomChanged: false, more: false })
    await close()
  })
})
