import { Hash, Lock, Paperclip, UsersRound } from "lucide"
import { useEffect, useRef, useState } from "preact/hooks"
import type { RoomView } from "../../client/client"
import type { ApiSearchHit } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"
import { legible } from "../state/legible"
import { personName, roomName } from "../state/names"
import type { Pages } from "../state/use-pages"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Icon } from "../ui/icon"
import { Time } from "../ui/time"
import { groupHits, type HitGroup } from "./grouping"
import { SnippetText } from "./snippet-text"

export interface SearchResultsProps {
  readonly hits: Pages<ApiSearchHit>
  readonly onOpen: (hit: ApiSearchHit) => void
}

/** Hits by room, the best first; the next page comes as the end of the list does. */
export function SearchResults({ hits, onOpen }: SearchResultsProps) {
  const rooms = useLive(useClient().rooms)
  const list = useRef<HTMLDivElement>(null)
  const end = useEndOfList(hits)
  const byId = new Map(rooms.map((view) => [view.room.id, view]))
  return (
    <div
      ref={list}
      class="search-results"
      onKeyDown={(event) => {
        if (moveAmong(list.current, event.key)) event.preventDefault()
      }}
    >
      {groupHits(hits.items).map((group) => (
        <Group key={group.roomId} group={group} view={byId.get(group.roomId)} onOpen={onOpen} />
      ))}
      <div ref={end} />
    </div>
  )
}

interface GroupProps {
  readonly group: HitGroup
  readonly view: RoomView | undefined
  readonly onOpen: (hit: ApiSearchHit) => void
}

const FACES = { public: Hash, private: Lock, direct: UsersRound }

function Group({ group, view, onOpen }: GroupProps) {
  const title = useTitle(group.roomId, view)
  return (
    <section class="search-group">
      <h3 class="member-group-title search-room">
        <Icon node={FACES[view?.room.type ?? "public"]} size={14} />
        {title} <span class="member-group-count">{group.hits.length}</span>
      </h3>
      <ul>
        {group.hits.map((hit) => (
          <HitRow key={hit.message.id} hit={hit} room={title} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  )
}

/** Public rooms are searched without one being in them: those the server names. */
function useTitle(roomId: string, view: RoomView | undefined): string {
  const client = useClient()
  const [name, setName] = useState<string | null>(null)
  const isMine = view !== undefined
  useEffect(() => {
    if (isMine) return
    let isShown = true
    client.api.rooms.get(roomId).then(
      (room) => isShown && setName(legible(room.name, room.id)),
      // It is called a room, then.
      () => undefined,
    )
    return () => {
      isShown = false
    }
  }, [client, roomId, isMine])
  if (view !== undefined) return roomName(view)
  return name ?? t().search.unknownRoom
}

interface HitRowProps {
  readonly hit: ApiSearchHit
  readonly room: string
  readonly onOpen: (hit: ApiSearchHit) => void
}

function HitRow({ hit, room, onOpen }: HitRowProps) {
  const { message } = hit
  const name = personName(message.user)
  return (
    <li>
      <button type="button" class="search-hit" onClick={() => onOpen(hit)}>
        <span class="pin-head">
          <Avatar profile={message.user} size={24} />
          <span class="member-name">{name}</span>
          <span class="row-note">
            <Time iso={message.created_at} style="relative" />
          </span>
          <span class="visually-hidden">{t().search.jump(name, room)}</span>
        </span>
        <span class="search-snippet">
          <SnippetText html={hit.snippet} />
        </span>
        {message.attachments.map((file) => (
          <span key={file.id} class="pin-file">
            <Icon node={Paperclip} size={14} /> {file.name}
          </span>
        ))}
      </button>
    </li>
  )
}

/** Asks for the next page once the end of the list comes into sight. */
function useEndOfList(hits: Pages<ApiSearchHit>) {
  const end = useRef<HTMLDivElement>(null)
  const wanted = useRef(hits)
  wanted.current = hits
  const count = hits.items.length
  useEffect(() => {
    if (end.current === null) return
    const seen = new IntersectionObserver((entries) => {
      const { isLoading, hasMore, failure, loadMore } = wanted.current
      // What failed is tried again by hand: at the end of the list it would fail for ever.
      if (entries.some((it) => it.isIntersecting) && hasMore && !isLoading && failure === null)
        loadMore()
    })
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [count])
  return end
}

/** Moves the focus from hit to hit. Whether the key meant anything. */
function moveAmong(list: Element | null, key: string): boolean {
  const all = [...(list?.querySelectorAll<HTMLElement>(".search-hit") ?? [])]
  const at = all.findIndex((it) => it.matches(":focus"))
  const step = { ArrowDown: 1, ArrowUp: -1 }[key]
  const edge = { Home: 0, End: all.length - 1 }[key]
  const next = all[step === undefined ? (edge ?? -1) : at + step]
  next?.focus()
  return next !== undefined
}

/** The first hit, from the box above. */
export const focusFirstHit = (panel: Element | null): void =>
  panel?.querySelector<HTMLElement>(".search-hit")?.focus()
