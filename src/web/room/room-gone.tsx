import { Ban, CircleOff, DoorOpen, SearchX, WifiOff } from "lucide"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { BackButton } from "../ui/back-button"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import type { Ending } from "./use-ending"

export interface RoomGoneProps {
  readonly why: Ending
  readonly onRetry: () => void
}

/** In place of a room that one may not read, or not any more: says which of these it is. */
export function RoomGone({ why, onRetry }: RoomGoneProps) {
  const { gone } = t().room
  const { icon, title, text, isFinal } = said(why)
  return (
    <div class="room-gone">
      <h1 class="visually-hidden">{t().room.title}</h1>
      <BackButton />
      <EmptyState icon={icon} title={title}>
        <p role="alert">{text}</p>
        {!isFinal && (
          <Button kind="primary" onClick={onRetry}>
            {gone.retry}
          </Button>
        )}
        <Button onClick={() => navigate(pathTo.home())}>{gone.toRooms}</Button>
      </EmptyState>
    </div>
  )
}

function said(why: Ending) {
  const { gone } = t().room
  if (why === "deleted")
    return { icon: CircleOff, title: gone.deleted, text: gone.deletedText, isFinal: true }
  if (why === "removed")
    return { icon: DoorOpen, title: gone.removed, text: gone.removedText, isFinal: true }
  if (why.code === "banned")
    return { icon: Ban, title: gone.banned, text: gone.bannedText, isFinal: true }
  if (why.code === "room_not_found" || why.code === "not_found")
    return { icon: SearchX, title: gone.notFound, text: gone.notFoundText, isFinal: true }
  return { icon: WifiOff, title: gone.failed, text: wordsFor(why), isFinal: false }
}
