import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import { roomPathProtocol } from "../../support/protocols/room-path"
import { socketIoConversationsProtocol } from "../../support/protocols/socketio-conversations"
import { type Guest, type Place, type Protocol, Refused } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

const NOBODY = { headers: {} }
const TRUSTING = ["room-path", "socketio-conversations"]

describe("where client ids are trusted", () => {
  let stage: Stage
  let ann: Guest
  beforeAll(async () => {
    stage = await openStage({ env: { CHAT_TRUST_CLIENT_IDS: "true" } })
    ann = await stage.guest("ann")
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.stop())

  /** Opens a connection without credentials, as whoever the address names. */
  const openAs = (protocol: Protocol, user: string | number, place: Place) =>
    protocol.open({ url: stage.house.url, place, user, ...NOBODY })

  async function refusalOf(protocol: Protocol, user: string | number): Promise<string> {
    const refusal = await openAs(protocol, user, { id: "lobby", numericId: 1 }).catch((it) => it)
    expect(refusal).toBeInstanceOf(Refused)
    return refusal.words
  }

  test.each(PROTOCOLS.filter(({ name }) => !TRUSTING.includes(name) && name !== "native"))(
    "credentials are needed all the same by $title",
    async (protocol) => {
      expect(await refusalOf(protocol, "somebody")).toMatch(/^401 [uU]nauthorized$/)
    },
  )

  const CLAIMING = PROTOCOLS.filter(({ name }) => TRUSTING.includes(name))

  test.each([...CLAIMING])(
    "a text becomes the public id, and a number the numeric one: $title",
    async (protocol) => {
      const word = `user-of-${protocol.title.replaceAll(" ", "-")}`
      const number = 1_000 + PROTOCOLS.indexOf(protocol)

      for (const user of [word, number]) {
        const line = await openAs(protocol, user, { id: "lobby", numericId: 1 })
        line.close()
      }

      expect(stage.house.rows(`select id from users where id = '${word}'`)).toEqual([{ id: word }])
      const found = stage.house.rows(`select numeric_id from users where numeric_id = ${number}`)
      expect(found).toEqual([{ numeric_id: number }])
    },
  )

  test.each([...CLAIMING])("nobody with an account can be claimed: $title", async (protocol) => {
    for (const user of [ann.id, ann.name, ann.numericId, 0, "system"]) {
      expect(await refusalOf(protocol, user)).toMatch(/^40[013] /)
    }
  })

  test("a claimed user is the same in both, and who has an account meets them", async () => {
    const lobby = { id: "lobby", numericId: 1 }
    const claimed = await openAs(roomPathProtocol, 7_001, lobby)
    await claimed.moreThan(0)
    const [user] = stage.house.rows("select id from users where numeric_id = 7001")
    const { body: direct } = await ann.post("/conversations", { user_ids: [user?.id] })
    const [room] = stage.house.rows(`select numeric_id from rooms where id = '${direct.id}'`)
    const place = { id: direct.id, numericId: Number(room?.numeric_id) }
    const theirs = await openAs(socketIoConversationsProtocol("websocket"), 7_001, place)
    theirs.send({ event: "join-conversation", payload: { conversationId: place.numericId } })
    await theirs.moreThan(0)
    const there = await openAs(roomPathProtocol, 7_001, place)
    await there.moreThan(0)

    await ann.post(`/rooms/${place.id}/messages`, { content: "who are you?" })

    await there.moreThan(1)
    expect(there.frames[1]).toMatchObject({ content: "who are you?", user_id: ann.id })
    await theirs.moreThan(1)
    expect(theirs.frames.map(({ event }) => event)).toContain("receive-message")
    for (const line of [claimed, theirs, there]) line.close()
  })
})
