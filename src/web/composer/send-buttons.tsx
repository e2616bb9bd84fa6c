import { ChevronDown, SendHorizontal } from "lucide"
import { useState } from "preact/hooks"
import { locale } from "../state/preferences"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { Menu } from "../ui/menu"
import { sayTime } from "../ui/say-time"
import { SendLaterDialog } from "./send-later-dialog"
import { sendTimes } from "./send-times"

interface SendButtonsProps {
  readonly isOff: boolean
  readonly isEdit: boolean
  readonly onLater: (at: Date) => void
}

/** Sends now, or later. */
export function SendButtons({ isOff, isEdit, onLater }: SendButtonsProps) {
  const [isChoosing, setChoosing] = useState(false)
  const words = t().composer
  return (
    <div class="send-buttons">
      <IconButton
        type="submit"
        kind="primary"
        icon={SendHorizontal}
        label={isEdit ? words.save : words.send}
        disabled={isOff}
      />
      {!isEdit && (
        <Menu
          label={words.sendLater}
          items={[
            ...sendTimes(new Date()).map(({ name, at }) => ({
              label: `${words.later[name]} · ${sayClock(at)}`,
              onSelect: () => onLater(at),
            })),
            { label: words.later.choose, onSelect: () => setChoosing(true) },
          ]}
          trigger={({ onClick, isOpen }) => (
            <IconButton
              icon={ChevronDown}
              label={words.sendLater}
              onClick={onClick}
              disabled={isOff}
              isPressed={isOpen}
            />
          )}
        />
      )}
      {isChoosing && (
        <SendLaterDialog
          onClose={() => setChoosing(false)}
          onChoose={(at) => {
            setChoosing(false)
            onLater(at)
          }}
        />
      )}
    </div>
  )
}

const sayClock = (at: Date): string =>
  sayTime(at, "clock", { language: locale.value, now: new Date() })

/** Day and time, as short as it is clear. */
export const sayShort = (at: Date): string =>
  new Intl.DateTimeFormat(locale.value, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at)
