export type TimeStyle = "clock" | "day" | "relative" | "full"

export interface TimeWords {
  /** As `en` or `de`. */
  readonly language: string
  readonly now: Date
}

/** Making one costs far more than using it. One for each language and form. */
const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * `clock`: 14:05 · `day`: today, yesterday, else the date · `relative`: just now, 5 minutes ago, …,
 * and from a week on the date · `full`: date and time.
 */
export function sayTime(at: Date, style: TimeStyle, words: TimeWords): string {
  switch (style) {
    case "clock":
      return formatOf(words.language, { timeStyle: "short" }).format(at)
    case "day":
      return sayDay(at, words)
    case "relative":
      return sayAgo(at, words)
    case "full":
      return formatOf(words.language, { dateStyle: "full", timeStyle: "medium" }).format(at)
  }
}

function sayDay(at: Date, { language, now }: TimeWords): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000)
  if (days === 0 || days === 1) return capital(relativeOf(language).format(-days, "day"))
  const isThisYear = at.getFullYear() === now.getFullYear()
  return formatOf(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(at)
}

function sayAgo(at: Date, { language, now }: TimeWords): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000)
  const past = Math.abs(seconds)
  const relative = relativeOf(language)
  if (past < 45) return relative.format(0, "second")
  if (past < 3_570) return relative.format(-Math.round(seconds / 60), "minute")
  if (past < 84_600) return relative.format(-Math.round(seconds / 3_600), "hour")
  if (past < 7 * 86_400) return relative.format(-Math.round(seconds / 86_400), "day")
  return formatOf(language, { dateStyle: "medium" }).format(at)
}

const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)

function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat(language, options)
  formats.set(key, format)
  return format
}

const relativeOf = (language: string) => new Intl.RelativeTimeFormat(language, { numeric: "auto" })
