import { WINDOW_MS } from "./stats-log"

/** Of a chart: the value at each instant; null: there was none. */
export interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** In what a chart is drawn: from the left and from the top, whatever size it has in the end. */
export const CHART = { width: 1000, height: 100 } as const

/**
 * A round number of units, at least as high as all of these: 1, 2 or 5 with noughts. `least` is
 * more than nothing.
 */
export function topOf(
  series: readonly Series[],
  { least, unit }: { readonly least: number; readonly unit: number },
): number {
  let highest = least
  for (const { values } of series) {
    for (const value of values) if (value !== null && value > highest) highest = value
  }
  const power = 10 ** Math.floor(Math.log10(highest / unit)) * unit
  const step = [1, 2, 5, 10].find((it) => it * power >= highest * 0.999) ?? 10
  return step * power
}

/** How far back a chart goes: as far as there is something to show, in steps. */
export function spanOf(times: readonly number[], now: number): Span {
  const [first = now] = times
  const length = SPANS_MS.find((it) => it >= now - first) ?? WINDOW_MS
  return { from: now - length, to: now }
}

const SPANS_MS = [60_000, 120_000, WINDOW_MS]

/** Across, where an instant is. */
export const xOf = (at: number, { from, to }: Span): number =>
  ((at - from) / (to - from)) * CHART.width

const yOf = (value: number, top: number): number => CHART.height * (1 - value / top)

const round = (value: number): number => Math.round(value * 10) / 10

/** A line as the `d` of a path. Where there is no value it is broken; a single value is a dot. */
export function lineOf(
  values: readonly (number | null)[],
  times: readonly number[],
  { top, span }: { readonly top: number; readonly span: Span },
): string {
  const parts: string[] = []
  let isDrawing = false
  values.forEach((value, index) => {
    const at = times[index]
    if (value === null || at === undefined) {
      isDrawing = false
      return
    }
    const point = `${round(xOf(at, span))} ${round(yOf(value, top))}`
    // A move with a line of no length is drawn as a dot, by its round ends.
    parts.push(isDrawing ? `L${point}` : `M${point}L${point}`)
    isDrawing = true
  })
  return parts.join("")
}

/** Which of the instants is nearest; -1: there are none. */
export function nearestTo(at: number, times: readonly number[]): number {
  let best = -1
  let distance = Number.POSITIVE_INFINITY
  times.forEach((it, index) => {
    const own = Math.abs(it - at)
    if (own >= distance) return
    best = index
    distance = own
  })
  return best
}
