/** Figures in the reader's language, short enough for a chart. */

export const sayCount = (value: number, language: string): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)

export function sayBytes(bytes: number, language: string): string {
  const isLarge = bytes >= 1024 ** 3
  const value = bytes / 1024 ** (isLarge ? 3 : 2)
  const digits = isLarge ? 1 : 0
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
  return `${number} ${isLarge ? "GiB" : "MiB"}`
}

export const sayMilliseconds = (milliseconds: number, language: string): string => {
  const digits = milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits })
  return `${number.format(milliseconds)} ms`
}

/** To the second: figures come every other one. */
export const sayClock = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(at)

/** The two largest parts: `3 d 4 h`, `4 h 12 min`, `12 min 5 s`. */
export function sayDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const
  const first = parts.findIndex(([value]) => value > 0)
  return parts
    .slice(Math.max(0, first === -1 ? 3 : first))
    .slice(0, 2)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ")
}
