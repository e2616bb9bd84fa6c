import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { LIMITS } from "../../../src/protocol/limits"
import { holdTimers } from "../../support/held-timers"
import { ONE_OF_EACH } from "../../support/protocols"
import { type Audience, gatherAudience } from "../../support/protocols/audience"
import type { Protocol, Speaker } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

const KEY = "the internal key"
const SERVER = { id: "00000000-0000-0000-0000-000000000000", numericId: 0, name: "system" }

const WITH_ROOMS = ONE_OF_EACH.filter(({ hasRooms }) => hasRooms)

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ env: { INTERNAL_API_KEY: KEY } })
})
afterAll(() => stage.stop())

describe.each([
  { kind: "a public room", protocols: WITH_ROOMS },
  { kind: "a direct room", protocols: ONE_OF_EACH },
])("in $kind, where bob listens by all protocols", ({ kind, protocols }) => {
  const isDirect = kind === "a direct room"
  let all: Audience

  beforeAll(async () => {
    all = await gatherAudience(stage, { protocols, isDirect })
  })
  afterAll(() => all.close())

  /** Ann comes by a protocol, does something, and goes; the others are told of both. */
  async function asAnn(by: Protocol, act: (hers: Speaker) => Promise<void>): Promise<void> {
    const hers = await stage.arrive(by, all.ann, all.place)
    await all.expectTold("came")
    await act(hers)
    await hers.leave()
    await all.expectTold("went")
    hers.line.close()
  }

  const CAN_SEND_FILES = protocols.filter(({ sends }) => sends.includes("image"))
  const CAN_TYPE = protocols.filter(({ words }) => words.type({ id: "", numericId: 0 }, true))

  test.each([...protocols])("who comes and goes by $name is told to all", (by) =>
    asAnn(by, async (hers) => {
      expect(await hers.rest()).toEqual([])
    }),
  )

  test("who is there by all protocols at once comes once, and goes once, whichever was first", async () => {
    const [first, ...others] = protocols
    if (first === undefined) throw new Error("there is no protocol")
    const devices = [await stage.arrive(first, all.ann, all.place)]
    await all.expectTold("came")
    for (const by of others) devices.push(await stage.arrive(by, all.ann, all.place))
    await all.expectTold(null)

    const last = devices.pop()
    for (const it of devices) await it.leave()
    await all.expectTold(null)
    await last?.leave()

    await all.expectTold("went")
    for (const it of [...devices, last]) it?.line.close()
  })

  test.each([...protocols])("a message sent by $name is told to all", (by) =>
    asAnn(by, async (hers) => {
      hers.say("hello, whoever you are")

      expect(await hers.next()).toBe("ann: hello, whoever you are")
      await all.expectTold("message", { content: "hello, whoever you are" })
    }),
  )

  test("a message sent over REST is told to all", async () => {
    await all.ann.post(`/rooms/${all.place.id}/messages`, { content: "by the way" })

    await all.expectTold("message", { content: "by the way" })
  })

  test.each([...CAN_SEND_FILES])("an image and a file sent by $name are told to all", (by) =>
    asAnn(by, async (hers) => {
      for (const type of ["image", "file"] as const) {
        const content = `https://chat.example/a.${type}`
        hers.send(type, content)
        expect(await hers.next()).toBe(`ann: ${content}`)
        await all.expectTold(type, { content })
      }
    }),
  )

  test("a system message is told to all who have a word for it", async () => {
    if (isDirect) {
      const { status } = await all.ann.post(`/rooms/${all.place.id}/messages`, {
        type: "system",
        content: "Maintenance at noon",
      })
      expect(status).toBe(200)
      await all.expectTold("system", { content: "Maintenance at noon" })
      return
    }

    const answer = await fetch(`${stage.house.url}/send-system-message`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-internal-api-key": KEY },
      body: JSON.stringify({ roomId: all.place.id, message: "Maintenance at noon" }),
    })
    expect(answer.status).toBe(200)
    await all.expectTold("system", { content: "Maintenance at noon", by: SERVER })
  })

  test.each([...CAN_TYPE])("who types by $name is told, and that it ended", (by) =>
    asAnn(by, async (hers) => {
      hers.type(true)
      await all.expectTold("typing")
      hers.type(false)
      await all.expectTold("typing ended")

      expect(await hers.rest()).toEqual([])
    }),
  )

  test.each([...CAN_TYPE])("typing by $name that is not renewed ends after 10 s", (by) =>
    asAnn(by, async (hers) => {
      expect(LIMITS.typingMs).toBe(10_000)
      const timers = holdTimers(10_000)
      try {
        hers.type(true)
        await all.expectTold("typing")

        expect(timers.runOut()).toBe(1)
      } finally {
        timers.release()
      }

      await all.expectTold("typing ended")
      expect(await hers.rest()).toEqual([])
    }),
  )

  test.each([...protocols])(
    "who comes online by $name, and who goes 2 s after, is told",
    async (by) => {
      const elsewhere = isDirect ? await all.directElsewhere() : await stage.room(all.ann)
      await all.leaveHome()
      await all.expectTold("offline")

      const hers = await stage.arrive(by, all.ann, elsewhere)
      await all.expectTold("online")
      const phone = await stage.arrive(by, all.ann, elsewhere)
      phone.line.close()
      await phone.line.closed
      await all.expectTold(null)
      await all.endLast(hers)
      await all.expectTold("offline")

      await all.comeHome()
      await all.expectTold("online")
    },
  )

  test("marks of reading are told natively alone", async () => {
    const { body } = await all.ann.post(`/rooms/${all.place.id}/messages`, { content: "news" })
    await all.expectTold("message", { content: "news" })

    await all.bob.put(`/rooms/${all.place.id}/read`, { seq: body.seq })

    await all.expectNativeAlone(["read"])
  })

  if (isDirect) return

  test("members who join and leave for good, and what is changed of a room, are told natively alone", async () => {
    const carl = await stage.guest("carl")
    await carl.post(`/rooms/${all.place.id}/join`)
    await all.ann.put(`/rooms/${all.place.id}/mutes/${carl.id}`)
    await carl.post(`/rooms/${all.place.id}/leave`)
    await all.ann.patch(`/rooms/${all.place.id}`, { topic: "weather" })

    await all.expectNativeAlone(["member.joined", "member.updated", "member.left", "room.updated"])
  })
})
