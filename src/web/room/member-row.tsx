import { MicOff } from "lucide"
import type { ApiMember } from "../../protocol/answers"
import type { PresenceStatus } from "../../protocol/entities"
import { personName } from "../state/names"
import { isMuted } from "../state/rights"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Icon } from "../ui/icon"

export interface MemberRowProps {
  readonly member: ApiMember
  readonly presence: PresenceStatus
  readonly isMe: boolean
  readonly onOpen: () => void
}

export function MemberRow({ member, presence, isMe, onOpen }: MemberRowProps) {
  const { user } = member
  const words = t().room.panel
  return (
    <li>
      <button type="button" class="member-row" aria-haspopup="dialog" onClick={onOpen}>
        <Avatar profile={user} size={32} presence={presence} />
        <span class="member-names">
          <span class="member-name">
            {personName(user)}
            {isMe && <span class="member-mark">{words.you}</span>}
            {isMuted(member, Date.now()) && (
              <span class="member-mark">
                <Icon node={MicOff} size={12} /> {words.mutedMark}
              </span>
            )}
          </span>
          {user.display_name !== null && <span class="member-username">@{user.username}</span>}
        </span>
      </button>
    </li>
  )
}
