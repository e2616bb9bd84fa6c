import { Smile } from "lucide"
import { useRef, useState } from "preact/hooks"
import { t } from "../strings"
import { EmojiPicker } from "../text/emoji-picker"
import { IconButton } from "../ui/icon-button"
import { Popover } from "../ui/popover"

/** Opens all emoji. */
export function EmojiButton({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const [isOpen, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const close = () => setOpen(false)
  return (
    <>
      <IconButton
        icon={Smile}
        label={t().composer.emoji}
        buttonRef={anchor}
        isPressed={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <Popover anchor={anchor} onClose={close} label={t().composer.emoji}>
          <EmojiPicker
            onClose={close}
            onPick={(emoji) => {
              close()
              onPick(emoji)
            }}
          />
        </Popover>
      )}
    </>
  )
}
