import type { ApiMessage } from "../../protocol/answers"
import { personName } from "../state/names"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { readersOf } from "./readers"
import { usePeople, useRoomMessages } from "./room-context"
import { useFrame } from "./use-frame"

/** Who has seen a message, by name. */
export function Readers({ message }: { readonly message: ApiMessage }) {
  const { room, myId } = useRoomMessages()
  const people = usePeople()
  const readers = readersOf(message, useFrame(room.reads), myId()).flatMap(
    (id) => people.get(id) ?? [],
  )
  return (
    <div class="readers" tabIndex={-1}>
      <h2 class="versions-title">{t().messages.seenByTitle}</h2>
      {readers.length === 0 && <p>{t().messages.seenByNobody}</p>}
      <ul>
        {readers.map((it) => (
          <li key={it.id} class="reader">
            <Avatar profile={it} size={24} />
            {personName(it)}
          </li>
        ))}
      </ul>
    </div>
  )
}
