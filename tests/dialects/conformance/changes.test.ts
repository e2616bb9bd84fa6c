import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { z } from "zod"
import { ONE_OF_EACH } from "../../support/protocols"
import { type Audience, gatherAudience } from "../../support/protocols/audience"
import { roomPathProtocol } from "../../support/protocols/room-path"
import { openStage, type Stage } from "../../support/protocols/stage"

const PageOfPair = z.object({ data: z.array(z.unknown()) })

const WITH_ROOMS = ONE_OF_EACH.filter(({ hasRooms }) => hasRooms)
const THUMB = encodeURIComponent("👍")

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.stop())

/** What becomes of a message is told natively; the others have no words for it. */
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

  const say = async (content: string): Promise<string> => {
    const { body } = await all.ann.post(`/rooms/${all.place.id}/messages`, { content })
    await all.expectTold("message", { content })
    return body.id
  }

  test("a message that is edited and deleted is told natively alone", async () => {
    const path = `/messages/${await say("helo")}`

    await all.ann.patch(path, { content: "hello" })
    await all.expectNativeAlone(["message.updated"])
    await all.ann.delete(path)
    await all.expectNativeAlone(["message.deleted"])
  })

  test("reactions and pins are told natively alone", async () => {
    const path = `/messages/${await say("hello")}`

    await all.ann.put(`${path}/reactions/${THUMB}`)
    await all.ann.delete(`${path}/reactions/${THUMB}`)
    const pinned = await all.ann.put(`${path}/pin`)

    expect(pinned.status).toBe(isDirect ? 403 : 200)
    await all.expectNativeAlone([
      "message.updated",
      "message.updated",
      ...(isDirect ? [] : ["message.updated"]),
    ])
  })

  test("histories show an edited message as it is, and the place of a deleted one", async () => {
    const [kept, gone] = [await say("helo"), await say("oh no")]
    await all.ann.patch(`/messages/${kept}`, { content: "hello" })
    await all.ann.delete(`/messages/${gone}`)
    await all.expectNativeAlone(["message.updated", "message.deleted"])

    const shown = [
      { content: "hello", user_id: all.ann.id, edited_at: expect.any(String), deleted_at: null },
      { content: "", user_id: all.ann.id, deleted_at: expect.any(String) },
    ]
    const { body } = await all.bob.get(`/rooms/${all.place.id}/messages?limit=2`)
    expect(body).toMatchObject(shown)
    const late = await roomPathProtocol.open({
      url: stage.homeOf(all.bob).url,
      place: all.place,
      user: all.bob.id,
      headers: { authorization: `Bearer ${all.bob.token}` },
    })
    await late.moreThan(0)
    expect(late.frames[0]).toMatchObject({ type: "history" })
    expect(late.frames[0].messages.slice(-2)).toMatchObject(shown)
    late.close()
    await late.closed
    if (!isDirect) return
    const page = await fetch(
      `${stage.homeOf(all.bob).url}/api/chats/conversations/${all.place.numericId}/messages?limit=2`,
      { headers: { authorization: `Bearer ${all.bob.token}` } },
    )
    const { data } = PageOfPair.parse(await page.json())
    expect(data).toMatchObject([
      { content: "", message_type: "text", sender_id: all.ann.numericId },
      { content: "hello", message_type: "text", sender_id: all.ann.numericId },
    ])
  })
})
