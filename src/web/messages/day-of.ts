/** The day of a time (ISO 8601) where the reader is, as `2026-0-5`: the same text for the same day. */
export function dayOf(time: string): string {
  const at = new Date(time)
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`
}
