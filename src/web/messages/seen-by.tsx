import { CheckCheck } from "lucide"
import type { ApiMessage } from "../../protocol/answers"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { readersOf } from "./readers"
import { usePeople, useRoomMessages } from "./room-context"
import { useFrame } from "./use-frame"

const NAMED_MAX = 3

/** Below the last message that I sent: who has seen it. */
export function SeenBy({ message }: { readonly message: ApiMessage }) {
  const { room, myId, nameOf, canSeeReaders } = useRoomMessages()
  const reads = useFrame(room.reads)
  usePeople()
  if (!canSeeReaders()) return null
  const readers = readersOf(message, reads, myId())
  if (readers.length === 0) return null
  const words = t().messages
  const names = readers.flatMap((id) => nameOf(id) ?? [])
  const named = names.slice(0, NAMED_MAX)
  const others = readers.length - named.length
  const who = others === 0 ? words.listed(named) : words.andOthers(named.join(", "), others)
  const isPair = room.view.value?.room.type === "direct" && readers.length === 1
  return (
    <p class="seen-by">
      <Icon node={CheckCheck} size={14} />
      {isPair || named.length === 0 ? words.seen : words.seenBy(who)}
    </p>
  )
}
