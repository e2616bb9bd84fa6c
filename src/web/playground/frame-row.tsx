import { ClipboardCopy } from "lucide"
import { useState } from "preact/hooks"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { ARROWS, errorCodeIn, type LoggedFrame, pretty } from "./frame-log"

/** A line; opened, the whole of it on many lines. */
export function FrameRow({ frame }: { readonly frame: LoggedFrame }) {
  const [isOpen, setOpen] = useState(false)
  const { at, direction, layer, text, bytes, isTrouble } = frame
  const words = t().playground
  return (
    <li class={`frame frame-${direction} frame-${layer}${isTrouble ? " frame-trouble" : ""}`}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary class="frame-line">
          <time class="frame-time" dateTime={new Date(at).toISOString()}>
            {clock(at)}
          </time>
          <span class="frame-arrow" aria-hidden="true">
            {ARROWS[direction]}
          </span>
          <span class="visually-hidden">{words.sentBy[direction]}</span>
          <span class="frame-name">{nameOf(frame)}</span>
          <span class="frame-text">{text}</span>
          {direction !== "note" && <span class="frame-bytes">{words.bytes(bytes)}</span>}
        </summary>
        {isOpen && (
          <div class="frame-whole">
            <div class="frame-parts">
              <Explanation frame={frame} />
              <pre class="frame-json">{pretty(text)}</pre>
            </div>
            <IconButton
              icon={ClipboardCopy}
              label={words.copyOne}
              onClick={() => void navigator.clipboard.writeText(text)}
            />
          </div>
        )}
      </details>
    </li>
  )
}

/** What a refusal's code means, for those who don't know the table by heart. */
function Explanation({ frame: { isTrouble, text } }: { readonly frame: LoggedFrame }) {
  const code = isTrouble ? errorCodeIn(text) : null
  const words: Readonly<Record<string, string>> = t().errors
  if (code === null || words[code] === undefined) return null
  return (
    <p class="frame-meaning">
      <code>{code}</code> {words[code]}
    </p>
  )
}

/** Notes are the page's own, so they are said in the reader's language. */
function nameOf({ direction, name }: LoggedFrame): string {
  const { notes } = t().playground
  if (direction !== "note") return name
  return name === "connect" || name === "open" || name === "closed" ? notes[name] : name
}

/** In the reader's own zone, to the millisecond: one measures with it. */
function clock(at: number): string {
  const time = new Date(at)
  const two = (part: number) => String(part).padStart(2, "0")
  const ms = String(time.getMilliseconds()).padStart(3, "0")
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`
}
