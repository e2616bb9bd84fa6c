import { afterEach, describe, expect, test } from "bun:test"
import { createLinkedPresence, type LinkedPresence } from "../../src/cluster/presence.linked"
import { asRoomNumericId, asUserNumericId } from "../../src/protocol/ids"
import { createLinkHub, type HubLink } from "../support/link-hub"
import { profile } from "../support/profile"
import { turns } from "../support/turns"

const ANN = asUserNumericId(1)
const ROOM = asRoomNumericId(1)

describe("linked presence", () => {
  const hub = createLinkHub()
  const open: { link: HubLink; presence: LinkedPresence }[] = []
  let instant = 0

  function join({ clockBehind = 0 } = {}) {
    const link = hub.join()
    const presence = createLinkedPresence({ link, now: () => ++instant - clockBehind })
    open.push({ link, presence })
    return { link, presence }
  }
  afterEach(() => {
    hub.release()
    hub.mend()
    for (const { link, presence } of open.splice(0)) {
      presence.close()
      link.leave()
    }
  })
  const statuses = () => open.map(({ presence }) => presence.statusOf(ANN))

  test("given two nodes change ann's status and neither has heard the other, the last one told is hers everywhere", async () => {
    const [one, two] = [join().presence, join().presence]
    join()
    one.connect(profile(ANN))
    two.connect(profile(ANN))
    await turns(3)

    hub.hold()
    two.setStatus(ANN, "away")
    one.setStatus(ANN, "dnd")
    await turns(3)
    expect(statuses()).toEqual(["dnd", "away", "online"])
    hub.release()
    await turns(3)

    expect(statuses()).toEqual(["dnd", "dnd", "dnd"])
  })

  test("given a node whose clock is an hour behind has heard a status, the one it tells next wins", async () => {
    const [one, two] = [join().presence, join({ clockBehind: 3_600_000 }).presence]
    one.connect(profile(ANN))
    two.connect(profile(ANN))
    one.setStatus(ANN, "away")
    await turns(3)

    two.setStatus(ANN, "dnd")
    await turns(3)

    expect(statuses()).toEqual(["dnd", "dnd"])
  })

  test("a status stays where the node that was told it is left, for who asks any other", async () => {
    const [one, two] = [join().presence, join().presence]
    one.connect(profile(ANN))
    two.connect(profile(ANN))
    await turns(3)
    one.setStatus(ANN, "away")
    await turns(3)

    one.disconnect(ANN)
    await turns(3)
    join()
    await turns(3)

    expect(statuses()).toEqual(["away", "away", "away"])
  })

  test("what is not there can neither close nor leave, and counts as nobody", () => {
    const { presence } = join()

    expect(presence.disconnect(ANN)).toBe(false)
    expect(presence.release(ANN)).toBe(false)
    expect(presence.exit(ROOM, ANN)).toBe(false)
    presence.connect(profile(ANN))
    expect(presence.release(ANN)).toBe(false)
    expect(presence.exit(ROOM, ANN)).toBe(false)
    expect(presence.count()).toEqual({ users: 1, rooms: 0 })
    expect(presence.countIn(ROOM)).toBe(0)
  })

  test("a second connection, and a second way into a room, are told to nobody", async () => {
    const { presence } = join()
    const words: unknown[] = []
    hub.join().hear("presence", (word) => words.push(word))
    presence.connect(profile(ANN))
    presence.enter(ROOM, ANN)
    await turns(3)
    expect(words).toHaveLength(1)

    presence.connect(profile(ANN))
    presence.enter(ROOM, ANN)
    presence.exit(ROOM, ANN)
    presence.disconnect(ANN)
    await turns(3)

    expect(words).toHaveLength(1)
    expect(presence.isIn(ROOM, ANN)).toBe(true)
    expect(presence.count()).toEqual({ users: 1, rooms: 1 })
  })

  test("1,200 changes of one turn are three words of at most 500, in their order", async () => {
    const { presence } = join()
    const sizes: number[] = []
    hub.join().hear("presence", (word) => {
      if (typeof word !== "object" || word === null || !("changes" in word)) return
      if (Array.isArray(word.changes)) sizes.push(word.changes.length)
    })

    for (let user = 1; user <= 1_200; user++) presence.connect(profile(user))
    await turns(3)

    expect(sizes).toEqual([500, 500, 200])
  })

  test("given a node comes, it is told all there is, 500 at a time, and what changes meanwhile", async () => {
    const { presence } = join()
    for (let user = 1; user <= 2_000; user++) {
      presence.connect(profile(user))
      presence.enter(ROOM, asUserNumericId(user))
    }
    await turns(3)

    const late = join().presence
    expect(late.count().users).toBe(0)
    presence.exit(ROOM, ANN)
    presence.connect(profile(3_000))
    await turns(20)

    expect(late.count()).toEqual({ users: 2_001, rooms: 1 })
    expect(late.countIn(ROOM)).toBe(1_999)
    expect(late.profilesIn(ROOM, 2).map(({ numericId }) => numericId)).toEqual(
      [2, 3].map(asUserNumericId),
    )
  })

  test("given words were lost, the node catches up, and nobody who was there all the time is seen to go", async () => {
    const [one, two] = [join().presence, join().presence]
    for (let user = 1; user <= 1_000; user++) one.connect(profile(user))
    await turns(3)
    hub.cut()
    one.disconnect(ANN)
    one.release(ANN)
    one.connect(profile(2_000))
    await turns(3)
    expect(two.statusOf(ANN)).toBe("online")

    const seen = new Set<number>()
    hub.mend()
    for (let turn = 0; turn < 20; turn++) {
      seen.add(two.count().users)
      await turns(1)
    }

    // Ann has gone and another has come: never fewer, nor more.
    expect([...seen]).toEqual([1_000])
    expect(two.statusOf(ANN)).toBe("offline")
    expect(two.statusOf(asUserNumericId(2_000))).toBe("online")
  })

  test("words that are none change nothing", async () => {
    const { presence } = join()
    const stranger = hub.join()

    for (const word of [
      null,
      7,
      {},
      { type: "changes" },
      { type: "changes", number: 1, changes: [{}] },
    ]) {
      stranger.tell("presence", word)
    }

    expect(presence.count()).toEqual({ users: 0, rooms: 0 })
    stranger.leave()
  })
})
