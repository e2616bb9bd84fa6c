import { t } from "../strings"
import { Button } from "../ui/button"

export interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  return (
    <div>
      <Button onClick={() => onPick("👍")}>👍</Button>
      <Button onClick={onClose}>{t().app.close}</Button>
    </div>
  )
}
