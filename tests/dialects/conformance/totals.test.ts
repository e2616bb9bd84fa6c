import { afterEach, beforeEach, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import type { AnyFrame } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"
import { waitUntil } from "../../support/wait"

/**
 * Each test has servers of its own, which have counted nothing yet. Totals are told at intervals:
 * nodes that tell the same may lack as much of each other, so nobody can ask them for a start.
 */
let stage: Stage
beforeEach(async () => {
  stage = await openStage({ env: { CHAT_MAX_MESSAGES_PER_MIN: "2" } })
})
afterEach(() => stage.stop())

/** What each node answers: connections, how many of them have ended, messages, refusals. */
const counted = () =>
  Promise.all(
    stage.nodes.map(async ({ url }) => {
      const answer = await fetch(`${url}/websocket/stats`)
      expect(answer.status).toBe(200)
      const { connections, messages, rateLimiting }: AnyFrame = await answer.json()
      return [
        connections.total,
        connections.totalDisconnections,
        messages.totalProcessed,
        rateLimiting.violations,
      ]
    }),
  )

const comesAbout = (...expected: readonly number[]) =>
  waitUntil(`every node tells ${expected}`, async () =>
    (await counted()).every((it) => it.join() === expected.join()),
  )

test.each(PROTOCOLS.filter(({ name }) => name.startsWith("socketio")))(
  "connections, messages and refusals of all nodes are told by each: $title",
  async (protocol) => {
    const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
    const place = await stage.placeFor(protocol, ann, bob)
    for (const it of await counted()) expect(it).toEqual([0, 0, 0, 0])

    const hers = await stage.arrive(protocol, ann, place)
    const laptop = await stage.arrive(protocol, ann, place)
    const his = await stage.arrive(protocol, bob, place)
    for (const it of [hers, laptop, his]) it.say("hello")
    his.say("the second in this minute")
    his.say("one too many")
    await comesAbout(3, 0, 4, 1)
    hers.line.close()

    await comesAbout(3, 1, 4, 1)
  },
)
