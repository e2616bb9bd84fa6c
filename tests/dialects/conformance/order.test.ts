import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import type { Guest, Place, Protocol, Speaker } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

const MESSAGES = 50

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.stop())

/** Everybody in turn, each by a protocol of their own, without waiting for anything. */
async function talkAllAtOnce(place: Place, people: readonly (readonly [Protocol, Guest])[]) {
  const speakers: Speaker[] = []
  for (const [protocol, guest] of people) speakers.push(await stage.arrive(protocol, guest, place))
  for (const it of speakers) await it.rest()

  for (let nth = 0; nth < MESSAGES; nth++) speakers[nth % speakers.length]?.say(`message ${nth}`)

  return Promise.all(
    speakers.map(async (it) => {
      const heard: string[] = []
      while (heard.length < MESSAGES) heard.push(await it.next())
      heard.push(...(await it.rest()))
      return heard
    }),
  )
}

/** All have heard the same, which is what is stored, and all that was said. */
async function expectOneOrder(heard: readonly (readonly string[])[], place: Place, reader: Guest) {
  const { body } = await reader.get(`/rooms/${place.id}/messages?limit=${MESSAGES + 1}`)
  const stored = body.map((it: { content: string }) => it.content)
  const said = Array.from({ length: MESSAGES }, (_, nth) => `message ${nth}`)
  expect(stored.toSorted()).toEqual(said.toSorted())
  for (const one of heard) {
    expect(one.map((it) => it.slice(it.indexOf("message")))).toEqual(stored)
    expect(one).toEqual([...(heard[0] ?? [])])
  }
}

describe("50 messages sent in several protocols at once", () => {
  test("are heard by all in the same order in a public room, none lost and none twice", async () => {
    const people: (readonly [Protocol, Guest])[] = []
    for (const protocol of PROTOCOLS.filter(({ hasRooms }) => hasRooms)) {
      people.push([protocol, await stage.guest(`who-speaks-by-${people.length}`)])
    }
    const guests = people.map(([, guest]) => guest)
    const [owner] = guests
    if (owner === undefined) throw new Error("there is nobody")
    const place = await stage.room(owner, ...guests.slice(1))

    const heard = await talkAllAtOnce(place, people)

    await expectOneOrder(heard, place, owner)
  })

  test("are heard by both in the same order in a direct room, none lost and none twice", async () => {
    const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
    const place = await stage.direct(ann, bob)

    const heard = await talkAllAtOnce(
      place,
      PROTOCOLS.map((protocol, nth) => [protocol, nth % 2 === 0 ? ann : bob] as const),
    )

    await expectOneOrder(heard, place, ann)
  })
})
