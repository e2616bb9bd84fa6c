import { useEffect } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { invitedBy } from "../state/invited-by"
import { keep, readKept } from "../state/kept"
import { navigate, pathTo, route } from "../state/route"

/** Below this one sees either the list or a room; as in `app.css`. */
const PHONE = "(max-width: 719px)"

/**
 * Where one comes to without having asked for it: into the room of the invitation by which the
 * account was made, or into the room where one was last.
 */
export function useArrival(): void {
  const client = useClient()
  const isReady = useLive(client.isReady)
  const views = useLive(client.rooms)
  const place = route.value
  const hasRooms = views.length > 0

  useEffect(() => {
    if (place.name === "room") keep("lastRoom", place.roomId)
  }, [place])

  useEffect(() => {
    if (!isReady || invitedBy.value === null) return
    const [first] = views
    invitedBy.value = null
    navigate(first === undefined ? pathTo.home() : pathTo.room(first.room.id), { replace: true })
  }, [isReady, hasRooms, invitedBy.value])

  // Once, as the page is opened: who goes to the start later on wants to be there.
  useEffect(() => {
    const last = readKept("lastRoom")
    const isWanted = isReady && route.peek().name === "home" && !matchMedia(PHONE).matches
    if (!isWanted || !views.some(({ room }) => room.id === last)) return
    navigate(pathTo.room(last ?? ""), { replace: true })
  }, [isReady])
}
