import type { ClientWatch } from "./client"

/** How long after its acknowledgement a message came to those who were there to hear it. */
export interface Delays extends ClientWatch {
  /** The longest since this was last asked, in milliseconds. */
  takeWorst(): { readonly ownNode: number; readonly otherNode: number }
}

export function createDelays(): Delays {
  const acknowledgements = new Map<string, { readonly at: number; readonly node: string }>()
  let worst = { ownNode: 0, otherNode: 0 }
  return {
    acknowledged(id, node) {
      acknowledgements.set(id, { at: performance.now(), node })
    },
    heardLive(id, node, openSince) {
      const told = acknowledgements.get(id)
      // Heard before it was acknowledged: there is nothing to measure.
      if (told === undefined || told.at < openSince) return
      const which = told.node === node ? "ownNode" : "otherNode"
      worst[which] = Math.max(worst[which], performance.now() - told.at)
    },
    takeWorst() {
      const taken = worst
      worst = { ownNode: 0, otherNode: 0 }
      return taken
    },
  }
}
