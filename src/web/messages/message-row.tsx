import "./message-row.css"
import type { ComponentChildren } from "preact"
import { useMemo } from "preact/hooks"
import type { ApiMessage } from "../../protocol/answers"
import { showProfile } from "../room/profile-state"
import { personName } from "../state/names"
import { language, locale } from "../state/preferences"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { sayTime } from "../ui/say-time"
import { Time } from "../ui/time"
import type { MessageRow as Row } from "./grouping"
import { MessageBody } from "./message-body"
import { MessageToolbar } from "./message-toolbar"
import { useRoomMessages } from "./room-context"
import { DayLine, NewLine } from "./row-lines"

interface MessageRowProps {
  readonly row: Row
  /** Pointed at, or holding the focus: shows what can be done. */
  readonly isActive: boolean
  readonly isHighlighted: boolean
  /** Below it. */
  readonly footer: ComponentChildren
}

/**
 * One message. Drawn anew only for what changes on it: rows that stay the same are the same object,
 * and what was made of them is kept.
 */
export function MessageRow({ row, isActive, isHighlighted, footer }: MessageRowProps) {
  return useMemo(
    () => <Drawn row={row} isActive={isActive} isHighlighted={isHighlighted} footer={footer} />,
    [row, isActive, isHighlighted, footer !== null, language.value],
  )
}

function Drawn({ row, isActive, isHighlighted, footer }: MessageRowProps) {
  const { message } = row
  const { myId } = useRoomMessages()
  const name = personName(message.user)
  const at = new Date(message.created_at)
  const words = { language: locale.value, now: new Date() }
  const calls = callsMe(message, myId())
  return (
    <article
      class={[
        "message",
        row.isHead ? "message-head" : "message-goes-on",
        message.type === "system" ? "message-system" : "",
        calls ? "message-calls" : "",
        message.pinned ? "message-pinned" : "",
        isActive ? "message-active" : "",
        isHighlighted ? "message-highlighted" : "",
      ]
        .filter((it) => it !== "")
        .join(" ")}
      data-key={row.key}
      tabIndex={-1}
      aria-label={t().messages.from(name, sayTime(at, "full", words))}
      aria-setsize={-1}
    >
      {row.day !== null && <DayLine iso={message.created_at} />}
      {row.isFirstNew && <NewLine />}
      <div class="message-in">
        <div class="message-side">
          {row.isHead ? (
            <Avatar profile={message.user} size={36} />
          ) : (
            <span class="message-aside-time" aria-hidden="true">
              <Time iso={message.created_at} style="clock" />
            </span>
          )}
        </div>
        <div class="message-main" data-anchor="">
          {row.isHead && (
            <div class="message-by">
              <button
                type="button"
                class="message-name"
                title={t().messages.profileOf(name)}
                onClick={() => showProfile(message.room_id, message.user_id)}
              >
                {name}
              </button>
              <span class="message-time">
                <Time iso={message.created_at} style="clock" />
              </span>
            </div>
          )}
          <MessageBody message={message} />
          {footer}
        </div>
        {isActive && <MessageToolbar message={message} />}
      </div>
    </article>
  )
}

const callsMe = ({ mentions, user_id }: ApiMessage, myId: string | null): boolean =>
  myId !== null && user_id !== myId && (mentions.includes(myId) || mentions.includes("room"))
