const DAY_MS = 86_400_000

const DAYS = { never: null, month: 30, quarter: 90, year: 365 } as const
export type Expiry = keyof typeof DAYS
export const EXPIRIES: readonly Expiry[] = ["never", "month", "quarter", "year"]

/** When a key ends that is made at `now` (epoch milliseconds); null: by itself, never. */
export function expiryDate(expiry: Expiry, now: number): string | null {
  const days = DAYS[expiry]
  return days === null ? null : new Date(now + days * DAY_MS).toISOString()
}
