import { effect, signal } from "@preact/signals"
import type { Client } from "../../client/client"
import { keep, readKept } from "./kept"

export const STATUSES = ["online", "away", "dnd"] as const
export type Status = (typeof STATUSES)[number]

/** How others are to see that one is there. */
export const status = signal<Status>("online")

/** Takes up what was chosen before, and tells the server, until the returned function is called. */
export function startStatus(client: Client): () => void {
  const kept = readKept("status")
  status.value = STATUSES.find((it) => it === kept) ?? "online"
  return effect(() => {
    keep("status", status.value)
    client.setStatus(status.value)
  })
}
