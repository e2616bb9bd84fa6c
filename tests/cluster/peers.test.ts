import { expect, test } from "bun:test"
import type { NodeId } from "../../src/cluster/link"
import { createPeers } from "../../src/cluster/peers"

function openPeers() {
  const happened: string[] = []
  const troubles: unknown[] = []
  const peers = createPeers({
    events: {
      nodeJoined: (node) => happened.push(`${node} joined`),
      nodeLeft: (node) => happened.push(`${node} left`),
      missed: (node) => happened.push(`${node} missed`),
    },
    lostMs: 1_000,
    onTrouble: (error) => troubles.push(error),
    now: () => 0,
  })
  const hear = (from: string, number: number, before: number | null) =>
    // Any text is the id of a node.
    peers.heard({ from: from as NodeId, number, before, words: [] })
  return { peers, happened, troubles, hear }
}

test("given a node's first word was for some only, then a gap before its first word to all is noticed", () => {
  const { happened, hear } = openPeers()

  hear("ann", 7, null)
  hear("ann", 9, 8)
  hear("ann", 10, 9)

  expect(happened).toEqual(["ann joined", "ann missed"])
})

test("given 1,000 other nodes, then a further one is not heard, and that is told", () => {
  const { peers, troubles, hear } = openPeers()
  for (let count = 0; count < 1_000; count++) expect(hear(`node-${count}`, 1, 0)).toBe(true)

  expect(hear("one-more", 1, 0)).toBe(false)
  expect(hear("node-7", 2, 1)).toBe(true)

  expect(peers.alive.size).toBe(1_000)
  expect(String(troubles)).toBe(
    "Error: there are 1000 other servers, and further ones are not heard",
  )
})
