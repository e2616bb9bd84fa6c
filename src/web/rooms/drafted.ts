import { readKept } from "../state/kept"

/** Rooms in which something was written and not sent, by the composer's list of drafts. */
export function draftedRooms(): ReadonlySet<string> {
  const keys = (readKept("drafts") ?? "").split(" ")
  const rooms = keys.flatMap((key) => {
    const [name, roomId, threadId] = key.split(".")
    return name === "draft" && roomId !== undefined && threadId === undefined ? [roomId] : []
  })
  return new Set(rooms)
}
