import { Bold, Code, Italic, Link, List, ListOrdered, Quote, Strikethrough } from "lucide"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { makeLink, toggleCode, toggleLines, toggleMark, type Writing } from "./text-edits"

type Format = "bold" | "italic" | "strike" | "code" | "link" | "list" | "numbers" | "quote"

const FORMATS: Readonly<Record<Format, (writing: Writing) => Writing>> = {
  bold: (it) => toggleMark(it, "**"),
  italic: (it) => toggleMark(it, "*"),
  strike: (it) => toggleMark(it, "~~"),
  code: toggleCode,
  link: makeLink,
  list: (it) => toggleLines(it, "- "),
  numbers: (it) => toggleLines(it, "1. "),
  quote: (it) => toggleLines(it, "> "),
}

/** With Ctrl, or Cmd on a Mac; with Shift too where it says so. */
const KEYS: Readonly<Record<string, Format>> = {
  b: "bold",
  i: "italic",
  e: "code",
  "shift+x": "strike",
  "shift+u": "link",
  "shift+8": "list",
  "shift+7": "numbers",
  "shift+9": "quote",
}

/** What a key does to what is written; null: it is none of these keys. */
export function formatByKey(
  event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): ((writing: Writing) => Writing) | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null
  // With Shift, digits are other signs; which ones depends on the keyboard.
  const digit = /^Digit(\d)$/.exec(event.code)?.[1]
  const key = digit ?? event.key.toLowerCase()
  const format = KEYS[event.shiftKey ? `shift+${key}` : key]
  return format === undefined ? null : FORMATS[format]
}

const BUTTONS = [
  { format: "bold", icon: Bold, keys: "Ctrl+B" },
  { format: "italic", icon: Italic, keys: "Ctrl+I" },
  { format: "strike", icon: Strikethrough, keys: "Ctrl+Shift+X" },
  { format: "code", icon: Code, keys: "Ctrl+E" },
  { format: "link", icon: Link, keys: "Ctrl+Shift+U" },
  { format: "list", icon: List, keys: "Ctrl+Shift+8" },
  { format: "numbers", icon: ListOrdered, keys: "Ctrl+Shift+7" },
  { format: "quote", icon: Quote, keys: "Ctrl+Shift+9" },
] as const

interface FormatBarProps {
  readonly onFormat: (change: (writing: Writing) => Writing) => void
}

/** Buttons for those who know no Markdown. */
export function FormatBar({ onFormat }: FormatBarProps) {
  return (
    <div class="format-bar" {...toolbar} aria-label={t().composer.tools}>
      {BUTTONS.map(({ format, icon, keys }) => (
        <IconButton
          key={format}
          icon={icon}
          label={`${t().composer[format]} (${keys})`}
          onClick={() => onFormat(FORMATS[format])}
        />
      ))}
    </div>
  )
}

const toolbar = { role: "toolbar" } as const
