import { type FoundPeople, usePeople } from "../room/use-people"
import { useClient, useLive } from "../state/client"
import { navigate, pathTo, route } from "../state/route"
import { actionEntries } from "./actions"
import { type PaletteEntry, partnersIn, personEntry, roomEntry } from "./entries"
import { type Ranked, rankEntries } from "./ranking"
import { visitedAt } from "./visits"

const PEOPLE_MAX = 8
const SHOWN_MAX = 30

/** What answers to what was typed, the best first. */
export function useEntries(query: string): {
  readonly ranked: readonly Ranked<PaletteEntry>[]
  readonly people: FoundPeople
} {
  const client = useClient()
  const rooms = useLive(client.rooms)
  const me = useLive(client.me)
  const people = usePeople(query, PEOPLE_MAX)
  const place = route.value
  const hereId = place.name === "room" ? place.roomId : null
  const open = (roomId: string) => navigate(pathTo.room(roomId))
  const deps = { visitedAt, open }
  const partners = partnersIn(rooms)
  const entries = [
    ...rooms
      // One is there already, and need not look for it.
      .filter(({ room }) => query !== "" || room.id !== hereId)
      .map((view) => roomEntry(view, deps)),
    ...people.people
      .filter(({ id }) => id !== me?.id && !partners.has(id))
      .map((user) =>
        personEntry(user, async ({ id }) => {
          open((await client.api.conversations.open([id])).id)
        }),
      ),
    ...actionEntries(client, place),
  ]
  return { ranked: rankEntries(entries, { query, now: Date.now(), limit: SHOWN_MAX }), people }
}
