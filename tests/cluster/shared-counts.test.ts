import { afterEach, describe, expect, test } from "bun:test"
import { createSharedCounts, type SharedCounts } from "../../src/cluster/shared-counts"
import { createLinkHub, type HubLink, type LinkHub } from "../support/link-hub"
import { waitUntil } from "../support/wait"

const open: SharedCounts[] = []
afterEach(() => {
  for (const it of open.splice(0)) it.stop()
})

function openNode(hub: LinkHub): { readonly link: HubLink; readonly counts: SharedCounts } {
  const link = hub.join()
  const counts = createSharedCounts(link, "connections")
  open.push(counts)
  return { link, counts }
}

function openThree() {
  const hub = createLinkHub()
  return { hub, a: openNode(hub), b: openNode(hub), c: openNode(hub) }
}

describe("counts of three nodes", () => {
  test("are told by themselves, within a moment, and added up; one's own are not elsewhere", async () => {
    const { a, b, c } = openThree()
    a.counts.set("ann", 2)
    b.counts.set("ann", 3)
    b.counts.set(7, 1)

    await waitUntil("all is told", () => c.counts.elsewhere("ann") === 5)
    expect([a, b, c].map(({ counts }) => counts.elsewhere("ann"))).toEqual([3, 2, 5])
    expect([a, b, c].map(({ counts }) => counts.elsewhere(7))).toEqual([1, 0, 1])
    expect(c.counts.elsewhere("7")).toBe(0)
  })

  test("go down again", () => {
    const { a, c } = openThree()
    a.counts.set("ann", 2)
    a.counts.flush()
    expect(c.counts.elsewhere("ann")).toBe(2)

    a.counts.set("ann", 1)
    a.counts.set("ann", 0)
    a.counts.flush()

    expect(c.counts.elsewhere("ann")).toBe(0)
  })

  test("of one that is lost are forgotten, and those of the others are not", () => {
    const { a, b, c } = openThree()
    for (const { counts } of [a, b]) {
      counts.set("ann", 2)
      counts.flush()
    }

    a.link.leave()

    expect(c.counts.elsewhere("ann")).toBe(2)
    expect(b.counts.elsewhere("ann")).toBe(0)
  })

  test("of one that is lost are not taken from words that were on their way", () => {
    const { hub, a, c } = openThree()
    hub.hold()
    a.counts.set("ann", 2)
    a.counts.flush()
    a.link.leave()

    hub.release()

    expect(c.counts.elsewhere("ann")).toBe(0)
  })

  test("are told to one that comes, however many keys they have", () => {
    const { hub, a, b } = openThree()
    for (let key = 0; key < 2_500; key++) a.counts.set(key, 1)
    b.counts.set(2_499, 1)

    const { counts } = openNode(hub)

    expect([0, 1_000, 2_499].map(counts.elsewhere)).toEqual([1, 1, 2])
  })

  test("are told to one that learned of the others before it listened for them", () => {
    const { hub, a } = openThree()
    a.counts.set("ann", 2)
    const link = hub.join()

    const counts = createSharedCounts({ ...link, on: () => undefined }, "connections")

    expect(counts.elsewhere("ann")).toBe(2)
  })

  test("given words are lost, are right again when nodes hear each other, up and down", () => {
    const { hub, a, c } = openThree()
    a.counts.set("ann", 2)
    a.counts.set("bob", 2)
    a.counts.flush()
    hub.cut()
    a.counts.set("ann", 0)
    a.counts.set("carol", 1)
    a.counts.flush()
    expect(["ann", "bob", "carol"].map(c.counts.elsewhere)).toEqual([2, 2, 0])

    hub.mend()

    expect(["ann", "bob", "carol"].map(c.counts.elsewhere)).toEqual([0, 2, 1])
  })

  test("given all that one had is gone while words were lost, it has nothing", () => {
    const { hub, a, c } = openThree()
    a.counts.set("ann", 2)
    a.counts.flush()
    hub.cut()
    a.counts.set("ann", 0)
    a.counts.flush()

    hub.mend()

    expect(c.counts.elsewhere("ann")).toBe(0)
  })

  test("are not changed by a word of what nobody here understands", () => {
    const { a, c } = openThree()
    a.counts.set("ann", 1)
    a.counts.flush()
    const entries: readonly unknown[] = [["ann", -1], ["ann", "2"], ["ann"], [null, 1], "ann"]

    for (const entry of entries) {
      a.link.tell("connections", { type: "state", isFresh: true, entries: [entry] })
    }

    expect(c.counts.elsewhere("ann")).toBe(1)
  })
})
