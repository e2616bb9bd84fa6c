import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { PROTOCOLS } from "../../support/protocols"
import { gatewayEventsProtocol } from "../../support/protocols/gateway-events"
import type { Guest, Place } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.stop())

describe.each([...PROTOCOLS])("$title", (protocol) => {
  let ann: Guest
  let bob: Guest
  let place: Place

  beforeEach(async () => {
    ann = await stage.guest("ann")
    bob = await stage.guest("bob")
    place = await stage.placeFor(protocol, ann, bob)
  })

  const arrive = (guest: Guest) => stage.arrive(protocol, guest, place)
  /** Bob, where everything has a word: he sees what others of this protocol cannot. */
  const witness = () => stage.arrive(gatewayEventsProtocol, bob, place)

  test("given ann and bob are in a room, when ann speaks, then both hear it once", async () => {
    const [hers, his] = [await arrive(ann), await arrive(bob)]
    await hers.rest()

    hers.say("hello")
    his.say("hello yourself")

    const heard = [await hers.next(), await hers.next()]
    expect(heard.toSorted()).toEqual(["ann: hello", "bob: hello yourself"])
    expect([await his.next(), await his.next()]).toEqual(heard)
    expect(await hers.rest()).toEqual([])
    expect(await his.rest()).toEqual([])
  })

  test("given ann has two devices, when she speaks on one, then both hear it", async () => {
    const [phone, laptop] = [await arrive(ann), await arrive(ann)]

    phone.say("where am I?")

    expect(await phone.next()).toBe("ann: where am I?")
    expect(await laptop.next()).toBe("ann: where am I?")
    expect(await laptop.rest()).toEqual([])
  })

  test("given ann comes with two devices and goes with both, then others hear one join and one leave", async () => {
    const his = await witness()

    const phone = await arrive(ann)
    expect(await his.next()).toBe("ann came")
    const laptop = await arrive(ann)
    expect(await laptop.rest()).toEqual([])
    expect(await phone.rest()).toEqual([])
    await phone.leave()
    expect(await his.rest()).toEqual([])
    await laptop.leave()

    expect(await his.next()).toBe("ann went")
    expect(await his.rest()).toEqual([])
  })

  test("given bob joined first, when ann comes, leaves, comes again and is cut off, then he hears of each", async () => {
    const his = await witness()

    const first = await arrive(ann)
    await first.leave()
    const second = await arrive(ann)
    second.line.drop()

    expect([await his.next(), await his.next(), await his.next(), await his.next()]).toEqual([
      "ann came",
      "ann went",
      "ann came",
      "ann went",
    ])
    expect(await his.rest()).toEqual([])
  })

  test("given ann has left, when bob speaks, then she hears nothing", async () => {
    const [hers, his] = [await arrive(ann), await arrive(bob)]
    await hers.leave()
    await hers.rest()
    await his.rest()

    his.say("gone?")

    expect(await his.next()).toBe("bob: gone?")
    expect(await hers.rest()).toEqual([])
  })

  test("given somebody else's room, when bob speaks in his, then it is not heard there", async () => {
    const eve = await stage.guest("eve")
    const elsewhere = await stage.placeFor(protocol, eve, ann)
    const [his, hers] = [await arrive(bob), await stage.arrive(protocol, eve, elsewhere)]

    his.say("among us")

    expect(await his.next()).toBe("bob: among us")
    expect(await hers.rest()).toEqual([])
  })
})

describe.each(PROTOCOLS.filter(({ sends }) => sends.includes("image")))("$title", (protocol) => {
  test("images and files are heard by their address", async () => {
    const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
    const place = await stage.placeFor(protocol, ann, bob)
    const his = await stage.arrive(protocol, bob, place)
    const hers = await stage.arrive(protocol, ann, place)
    await his.rest()

    hers.send("image", "https://chat.example/cat.png")
    hers.send("file", "/files/report.pdf")

    for (const it of [hers, his]) {
      expect(await it.next()).toBe("ann: https://chat.example/cat.png")
      expect(await it.next()).toBe("ann: /files/report.pdf")
      expect(await it.rest()).toEqual([])
    }
  })
})
