import { signal } from "@preact/signals"
import { useEffect, useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { useClient, useLive } from "../state/client"
import { useRoomFrame } from "../state/room-frame"
import { type WriteBar, writeBar } from "./can-write"
import { createOfClient } from "./of-client"

/** Whom I have blocked, of the first page: it is about saying so early, the server decides. */
const blockedOf = createOfClient((client) => {
  const blocked = signal<ReadonlySet<string>>(new Set())
  const load = async () => {
    const { items } = await client.api.users.blocks({ limit: 200 })
    blocked.value = new Set(items.map(({ id }) => id))
  }
  return { blocked, load }
})

/** Timers hold no more than some 24 days. */
const timerMsMax = 86_400_000

/** Why one can't write in a room, as long as it is so. */
export function useWriteBar(room: RoomHandle): WriteBar | null {
  const { blocked, load } = blockedOf(useClient())
  const view = useRoomFrame(room)
  const trouble = useLive(room.trouble)
  const [, setTick] = useState(0)
  const isDirect = view?.room.type === "direct"
  useEffect(() => {
    // Each time: it may have been changed in the settings meanwhile.
    if (isDirect) void load().catch(() => undefined)
  }, [isDirect, load])

  const bar = writeBar({ view, trouble, blocked: blocked.value, now: Date.now() })
  const until = bar?.reason === "muted" ? Date.parse(bar.until) : null
  useEffect(() => {
    if (until === null) return undefined
    const ms = Math.min(Math.max(0, until - Date.now()) + 100, timerMsMax)
    const timer = setTimeout(() => setTick((count) => count + 1), ms)
    return () => clearTimeout(timer)
  }, [until])
  return bar
}
