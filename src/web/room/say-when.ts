import { locale } from "../state/preferences"
import { sayTime } from "../ui/say-time"

/** A time in the reader's words, as it stands within a sentence. */
export function sayWhen(iso: string): string {
  const words = { language: locale.value, now: new Date() }
  const at = new Date(iso)
  return `${sayTime(at, "day", words)}, ${sayTime(at, "clock", words)}`
}
