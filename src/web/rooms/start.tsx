import { MessagesSquare } from "lucide"
import { isAppleMachine } from "../palette/start-keys"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { serverName } from "../state/server-name"
import { usePages } from "../state/use-pages"
import { t } from "../strings"
import { EmptyState } from "../ui/empty-state"
import { Waiting } from "../ui/spinner"
import { FirstSteps } from "./first-steps"
import { PublicRoom } from "./public-room"
import "./directory.css"

/** Rooms that are shown to somebody who is new; the directory has all. */
const SHOWN_MAX = 5

/** What is seen where no room is open: for the new, how to begin. */
export function Start() {
  const client = useClient()
  const isReady = useLive(client.isReady)
  const views = useLive(client.rooms)
  const { rooms } = t()
  if (!isReady) return <Waiting />
  if (views.length === 0) return <Welcome />
  return (
    <>
      <h1 class="visually-hidden">{serverName.value}</h1>
      <EmptyState icon={MessagesSquare} title={rooms.choose}>
        <p>{rooms.chooseHelp(isAppleMachine() ? "⌘ K" : rooms.searchKeys)}</p>
      </EmptyState>
    </>
  )
}

function Welcome() {
  const client = useClient()
  const me = useLive(client.me)
  const found = usePages("", () => client.api.rooms.list({ type: "public", limit: SHOWN_MAX }))
  const { rooms } = t()
  return (
    <div class="start">
      <header>
        <h1>{rooms.welcome(me === null ? "" : personName(me))}</h1>
        <p>{rooms.welcomeHelp}</p>
      </header>
      <FirstSteps />
      {found.items.length > 0 && (
        <section>
          <h2>{rooms.popular}</h2>
          <ul class="directory-rooms">
            {found.items.map((room) => (
              <PublicRoom key={room.id} room={room} />
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
