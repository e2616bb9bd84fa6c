import type { RoomHandle } from "../../client/client"
import { useLive, useSelected } from "../state/client"
import { personName } from "../state/names"
import { t } from "../strings"
import "./typing-line.css"

/** Who is writing just now. Its place is kept, so nothing jumps when they begin. */
export function TypingLine({ room }: { readonly room: RoomHandle }) {
  const typing = useSelected(room.view, (view) => view?.typing) ?? []
  const members = useLive(room.members)
  const names = typing.map(({ userId, username }) => {
    const member = members.get(userId)
    return member === undefined ? username : personName(member.user)
  })
  return (
    <p class="typing-line">
      {names.length > 0 && (
        <>
          <span class="typing-line-dots" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          {t().room.typing(names)}
        </>
      )}
    </p>
  )
}
