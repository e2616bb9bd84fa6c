import { Compass, Plus } from "lucide"
import { useEffect, useRef, useState } from "preact/hooks"
import { useClient } from "../state/client"
import { usePages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { BackButton } from "../ui/back-button"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import { Icon } from "../ui/icon"
import { TextInput } from "../ui/input"
import { Waiting } from "../ui/spinner"
import { PublicRoom } from "./public-room"
import { roomsDialog } from "./rooms-dialog"
import "./directory.css"

const PAUSE_MS = 200

/** All public rooms of the server, to look through and to join. */
export function Directory() {
  const client = useClient()
  const [query, setQuery] = useState("")
  const wanted = query.trim()
  const found = usePages(
    wanted,
    (cursor) => client.api.rooms.list({ type: "public", query: wanted, cursor }),
    PAUSE_MS,
  )
  const end = useRef<HTMLDivElement>(null)
  useNearEnd(end, found.loadMore, found.items.length)
  const { rooms, app } = t()
  const isEmpty = found.items.length === 0 && !found.isLoading && found.failure === null

  return (
    <div class="directory">
      <header class="directory-head">
        <BackButton />
        <h1>{rooms.directory}</h1>
        <Button
          kind="primary"
          onClick={() => {
            roomsDialog.value = "create"
          }}
        >
          <Icon node={Plus} size={16} />
          {rooms.create}
        </Button>
      </header>
      <TextInput
        type="search"
        aria-label={rooms.directorySearch}
        placeholder={rooms.directorySearch}
        value={query}
        onInput={setQuery}
      />
      <ul class="directory-rooms">
        {found.items.map((room) => (
          <PublicRoom key={room.id} room={room} />
        ))}
      </ul>
      {found.failure !== null && (
        <Banner kind="danger" action={<Button onClick={found.loadMore}>{app.retry}</Button>}>
          {wordsFor(found.failure)}
        </Banner>
      )}
      {isEmpty && (
        <EmptyState
          icon={Compass}
          title={wanted === "" ? rooms.directoryEmpty : rooms.directoryNone}
        >
          {wanted === "" && <p>{rooms.directoryEmptyHelp}</p>}
        </EmptyState>
      )}
      {found.isLoading && found.items.length === 0 && <Waiting />}
      <div ref={end} class="directory-end">
        {found.hasMore && (
          <Button isBusy={found.isLoading} onClick={found.loadMore}>
            {rooms.more}
          </Button>
        )}
      </div>
    </div>
  )
}

/** Asks for more a screen before the end comes into sight. */
function useNearEnd(
  end: { readonly current: Element | null },
  more: () => void,
  count: number,
): void {
  const latest = useRef(more)
  latest.current = more
  useEffect(() => {
    const { current } = end
    if (current === null || count === 0) return
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current()
      },
      // What scrolls is the middle of the page and not the window.
      { root: current.closest("main"), rootMargin: "600px" },
    )
    watch.observe(current)
    return () => watch.disconnect()
  }, [count])
}
