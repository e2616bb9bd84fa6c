import type { Link } from "./link"
import { createSharedCounts } from "./shared-counts"
import { createSharedWindows } from "./shared-windows"

/** All that nodes count together. Topics are the same on all nodes and in all versions. */
export function createSharing(link: Link) {
  const windows = createSharedWindows(link)
  const connections = {
    byUser: createSharedCounts(link, "connections:user"),
    byAddress: createSharedCounts(link, "connections:address"),
    guests: createSharedCounts(link, "connections:guests"),
  }
  const socketIo = createSharedCounts(link, "totals:socket-io")
  const all = [windows, ...Object.values(connections), socketIo]
  return {
    windows,
    connections,
    socketIo,
    /** Tells what has not been told yet, and nothing more. */
    stop(): void {
      for (const it of all) it.stop()
    },
  }
}
