/** A text that is written, and what is selected of it: from `start` up to `end`. */
export interface Writing {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Puts something in the place of a part, and the caret behind it. */
export function replaceRange(
  { text }: Writing,
  range: { readonly from: number; readonly to: number },
  inserted: string,
): Writing {
  const at = range.from + inserted.length
  return { text: text.slice(0, range.from) + inserted + text.slice(range.to), start: at, end: at }
}

/** In the place of what is selected. */
export const insertText = (writing: Writing, inserted: string): Writing =>
  replaceRange(writing, { from: writing.start, to: writing.end }, inserted)

/**
 * Puts a mark around what is selected, or takes it away; without a selection, around the caret.
 * Where the caret stands at the end of what is marked, it steps out, so that one can write on.
 */
export function toggleMark(writing: Writing, mark: string): Writing {
  const { text, start, end } = writing
  const selected = text.slice(start, end)
  const size = mark.length
  if (start === end && isAtEnd(writing, mark)) return { text, start: end + size, end: end + size }
  if (selected.length >= 2 * size && selected.startsWith(mark) && selected.endsWith(mark)) {
    const bare = selected.slice(size, -size)
    return { text: text.slice(0, start) + bare + text.slice(end), start, end: start + bare.length }
  }
  if (isMarked(writing, mark)) {
    return {
      text: text.slice(0, start - size) + selected + text.slice(end + size),
      start: start - size,
      end: end - size,
    }
  }
  return {
    text: text.slice(0, start) + mark + selected + mark + text.slice(end),
    start: start + size,
    end: end + size,
  }
}

function isAtEnd({ text, start }: Writing, mark: string): boolean {
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start)
  const isOpen = line.split(mark).length % 2 === 0
  return isOpen && text.startsWith(mark, start) && !line.endsWith(mark)
}

/** Whether the mark stands around the selection; one of two signs is not one of one sign. */
function isMarked({ text, start, end }: Writing, mark: string): boolean {
  const size = mark.length
  if (text.slice(start - size, start) !== mark || text.slice(end, end + size) !== mark) return false
  return size > 1 || (text[start - 2] !== mark && text[end + 1] !== mark) || false
}

/** As a block of code, on lines of its own; one line only: as code within the line. */
export function toggleCode(writing: Writing): Writing {
  const { text, start, end } = writing
  const selected = text.slice(start, end)
  if (!selected.includes("\n")) return toggleMark(writing, "`")
  const before = start === 0 || text[start - 1] === "\n" ? "" : "\n"
  const after = end === text.length || text[end] === "\n" ? "" : "\n"
  const opened = `${before}\`\`\`\n`
  return {
    text: `${text.slice(0, start)}${opened}${selected}\n\`\`\`${after}${text.slice(end)}`,
    start: start + opened.length,
    end: end + opened.length,
  }
}

/** What is selected becomes a link's text, or its address if it is one; the other is to be typed. */
export function makeLink(writing: Writing): Writing {
  const { text, start, end } = writing
  const selected = text.slice(start, end)
  const isAddress = /^https?:\/\/\S+$/.test(selected)
  const link = isAddress ? `[](${selected})` : `[${selected}](https://)`
  const at = isAddress || selected === "" ? start + 1 : start + link.length - 1
  return { text: text.slice(0, start) + link + text.slice(end), start: at, end: at }
}

/** Puts a beginning before each line that is selected, or takes it away where all have it. */
export function toggleLines(writing: Writing, prefix: string): Writing {
  const { text, start, end } = writing
  const from = text.lastIndexOf("\n", start - 1) + 1
  const lineEnd = text.indexOf("\n", end)
  const to = lineEnd === -1 ? text.length : lineEnd
  const lines = text.slice(from, to).split("\n")
  const isOn = lines.every((line) => line.startsWith(prefix))
  const changed = lines.map((line) => (isOn ? line.slice(prefix.length) : prefix + line)).join("\n")
  const shift = isOn ? -prefix.length : prefix.length
  return {
    text: text.slice(0, from) + changed + text.slice(to),
    start: Math.max(from, start + shift),
    end: from + changed.length - (to - end),
  }
}

const ITEM = /^([ \t]*)(?:([-*+])|(\d{1,9})([.)])|(>)) (\[[ xX]\] )?/

/**
 * A new line that goes on with the list or quote the caret is in. On an item without text the list
 * ends instead. Null: the line is no item, so a plain new line will do.
 */
export function continueList(writing: Writing): Writing | null {
  const { text, start, end } = writing
  if (start !== end) return null
  const from = text.lastIndexOf("\n", start - 1) + 1
  const line = text.slice(from, start)
  const item = ITEM.exec(line)
  if (item === null) return null
  const [whole, indent = "", bullet, number, dot = ".", quote, task] = item
  if (line === whole) return replaceRange(writing, { from, to: start }, "")
  const mark = bullet ?? quote ?? `${Number(number) + 1}${dot}`
  return insertText(writing, `\n${indent}${mark} ${task === undefined ? "" : "[ ] "}`)
}
