import { t } from "../strings"
import { Time } from "../ui/time"

/** Parts two days. */
export function DayLine({ iso }: { readonly iso: string }) {
  return (
    <div class="day-line">
      <span class="day-line-text">
        <Time iso={iso} style="day" />
      </span>
    </div>
  )
}

/** Above what came since one was last here. */
export function NewLine() {
  return (
    <div class="new-line">
      <span class="new-line-text">{t().messages.newLine}</span>
    </div>
  )
}
