import { locale } from "../state/preferences"
import { sayTime, type TimeStyle } from "./say-time"

export interface TimeProps {
  readonly iso: string
  readonly style: TimeStyle
}

/** A time in the reader's words and zone; the whole of it where the pointer rests. */
export function Time({ iso, style }: TimeProps) {
  const at = new Date(iso)
  const words = { language: locale.value, now: new Date() }
  return (
    <time dateTime={iso} title={sayTime(at, "full", words)}>
      {sayTime(at, style, words)}
    </time>
  )
}
