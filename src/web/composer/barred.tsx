import { isForever } from "../state/rights"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import type { WriteBar } from "./can-write"
import { sayShort } from "./send-buttons"

/** In place of the box: why nothing can be written here. */
export function Barred({ bar }: { readonly bar: WriteBar }) {
  return (
    <div class="composer-barred">
      <Banner kind="warn">{wordsForBar(bar)}</Banner>
    </div>
  )
}

function wordsForBar(bar: WriteBar): string {
  const words = t().composer.barred
  if (bar.reason !== "muted") return words[bar.reason]
  return isForever(bar.until) ? words.mutedForEver : words.muted(sayShort(new Date(bar.until)))
}
