import { describe, expect, test } from "bun:test"
import { hearingOf } from "../../src/cluster/hearing"
import { createLinkHub } from "../support/link-hub"

describe("that something may not have been heard", () => {
  test("is told when words were lost, when a node is lost, and when one is there again", () => {
    const hub = createLinkHub()
    const link = hub.join()
    const other = hub.join()
    let count = 0
    hearingOf(link, () => undefined).on({ missed: () => count++ })

    other.pause()
    expect(count).toBe(1)
    other.comeBack()
    expect(count).toBe(2)
    hub.mend()
    expect(count).toBe(3)
  })
})
