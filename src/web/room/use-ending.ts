import { useEffect, useState } from "preact/hooks"
import { ParleyError } from "../../client/error"
import { useClient } from "../state/client"

/** How a room ended for somebody who had it open. An error: what the server says of it now. */
export type Ending = "removed" | "deleted" | ParleyError

/**
 * Heard while the room is open: it was deleted, or one is out of it. Of a public room one may be out
 * and read on, unless one is banned: so the server is asked. Null: it goes on.
 */
export function useEnding(roomId: string): Ending | null {
  const client = useClient()
  const [ending, setEnding] = useState<Ending | null>(null)

  useEffect(() => {
    let isShown = true
    async function ask(): Promise<void> {
      try {
        await client.api.rooms.get(roomId)
      } catch (error) {
        if (!isShown || !(error instanceof ParleyError) || error.code === "offline") return
        setEnding(error.code === "room_not_found" ? "removed" : error)
      }
    }
    const stops = [
      client.on("room.deleted", ({ room }) => {
        if (room.id === roomId) setEnding("deleted")
      }),
      client.on("room.removed", ({ room }) => {
        if (room.id !== roomId) return
        if (room.type === "public") void ask()
        else setEnding((before) => before ?? "removed")
      }),
      client.on("room.added", ({ room }) => {
        if (room.id === roomId) setEnding(null)
      }),
    ]
    return () => {
      isShown = false
      for (const stop of stops) stop()
    }
  }, [client, roomId])

  return ending
}
