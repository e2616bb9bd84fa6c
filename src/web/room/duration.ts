/** For how long somebody is muted or kept out, or an invite is good. */
export const DURATIONS = ["hour", "day", "week", "month", "forever"] as const
export type Duration = (typeof DURATIONS)[number]

const HOUR_MS = 3_600_000
const MS: Readonly<Record<Exclude<Duration, "forever">, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
}

/** When it ends, as ISO; null: never. `now` is epoch milliseconds. */
export const endOf = (duration: Duration, now: number): string | null =>
  duration === "forever" ? null : new Date(now + MS[duration]).toISOString()
