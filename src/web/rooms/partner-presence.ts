import { signal } from "@preact/signals"
import type { Client } from "../../client/client"
import type { PresenceStatus } from "../../protocol/entities"

/** As many as a list shows at once; of all others it is asked once they are opened. */
const ASKED_MAX = 20

/**
 * How those were there with whom one talks directly, by user id, when it was asked. Whatever was
 * heard of somebody since is newer: see `client.presence`.
 */
export const askedPresence = signal<ReadonlyMap<string, PresenceStatus>>(new Map())

/**
 * Asks once after each time the connection has come about, a conversation after the other: of those
 * who were there before, nothing is told by itself. Until the returned function is called.
 */
export function startPartnerPresence(client: Client): () => void {
  let isStopped = false
  let isAsked = false

  async function ask(): Promise<void> {
    const seen = new Map<string, PresenceStatus>()
    const pairs = client.rooms.value.filter(
      ({ room, people }) => room.type === "direct" && people.length === 1,
    )
    for (const { room } of pairs.slice(0, ASKED_MAX)) {
      const here = await client.api.rooms.presence(room.id)
      if (isStopped || !isAsked) return
      for (const { user_id, status } of here) seen.set(user_id, status)
      askedPresence.value = new Map(seen)
    }
  }

  function look(): void {
    const isLive = client.connection.value.status === "live" && client.isReady.value
    if (isLive === isAsked) return
    isAsked = isLive
    if (!isLive) askedPresence.value = new Map()
    // Where it cannot be asked, nobody is shown as there: as where nothing was heard.
    else ask().catch(() => undefined)
  }

  const stops = [client.connection.subscribe(look), client.isReady.subscribe(look)]
  look()
  return () => {
    isStopped = true
    askedPresence.value = new Map()
    for (const stop of stops) stop()
  }
}
