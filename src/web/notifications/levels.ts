/** Of which rooms one wants to be told what, on this machine. */
import { effect, signal } from "@preact/signals"
import type { ApiRoom } from "../../protocol/answers"
import { isFields } from "../../protocol/json"
import { keep, readKept } from "../state/kept"
import { mutedRooms } from "../state/preferences"

/** Everything that is said, what calls one, or nothing. */
export const LEVELS = ["all", "mentions", "none"] as const
export type Level = (typeof LEVELS)[number]

/** Of rooms of which nothing was said. */
export const defaultLevel = signal<Level>("mentions")
/** Of single rooms. Which are muted stands among the preferences: other parts know them, too. */
const roomLevels = signal<Readonly<Record<string, Level>>>({})
export const soundOn = signal(false)

/** Conversations are told of unless one has said otherwise. */
export function levelOf(room: Pick<ApiRoom, "id" | "type">): Level {
  if (mutedRooms.value.has(room.id)) return "none"
  const chosen = roomLevels.value[room.id]
  return chosen ?? (room.type === "direct" ? "all" : defaultLevel.value)
}

export function setLevel(roomId: string, level: Level): void {
  const muted = new Set(mutedRooms.value)
  if (level === "none") muted.add(roomId)
  else muted.delete(roomId)
  mutedRooms.value = muted
  if (level !== "none") roomLevels.value = { ...roomLevels.value, [roomId]: level }
}

/** Takes up what was kept, and keeps what is changed, until the returned function is called. */
export function startLevels(): () => void {
  defaultLevel.value = asLevel(readKept("notify.default")) ?? "mentions"
  roomLevels.value = readLevels(readKept("notify.rooms"))
  soundOn.value = readKept("notify.sound") === "on"
  const stops = [
    effect(() => keep("notify.default", defaultLevel.value)),
    effect(() => keep("notify.rooms", JSON.stringify(roomLevels.value))),
    effect(() => keep("notify.sound", soundOn.value ? "on" : "off")),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

const asLevel = (kept: unknown): Level | undefined => LEVELS.find((it) => it === kept)

/** What cannot be read is as if nothing had been kept. */
export function readLevels(kept: string | null): Readonly<Record<string, Level>> {
  try {
    const levels: unknown = JSON.parse(kept ?? "{}")
    if (!isFields(levels)) return {}
    return Object.fromEntries(
      Object.entries(levels).flatMap(([id, it]) => {
        const level = asLevel(it)
        return level === undefined || level === "none" ? [] : [[id, level]]
      }),
    )
  } catch {
    return {}
  }
}
