import type { Instant } from "../protocol/ids"

/** To the second, in UTC. */
export const shownTime = (instant: Instant | null): string =>
  instant === null ? "never" : new Date(instant).toISOString().replace(/\.\d+Z$/, "Z")

/**
 * What others have written, for a terminal: names and user agents may hold characters that move
 * its cursor or turn its text around.
 */
export const shownText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{FFFD}")

/** Columns as wide as their widest cell. */
export function asTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)))
  return lines
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

/** A name and a value on each line. */
export function asFields(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(14)}${value}`)
    .join("\n")
}
