/** What a figure of Parley's has to reach. `unit` is written behind it: `x`, ` KiB`, ` ms`. */
export interface Floor {
  readonly kind: "at least" | "at most" | "under"
  readonly bound: number
  readonly unit: string
}

/** A figure held against its floor. */
export interface Verdict {
  readonly isMet: boolean
  readonly text: string
  readonly floorText: string
}

export function judge({ kind, bound, unit }: Floor, value: number): Verdict {
  return {
    isMet: reaches({ kind, bound, unit }, value),
    text: `${formatFigure(value)}${unit}`,
    floorText: `${kind} ${bound}${unit}`,
  }
}

/** The three cells "figure, floor, met or missed" at the end of a table's row. */
export function verdictCells({ isMet, text, floorText }: Verdict): [string, string, string] {
  return [text, floorText, isMet ? "met" : "**missed**"]
}

/** Three significant figures; from 1,000 up whole numbers with separators. */
export function formatFigure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US")
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 })
}

function reaches({ kind, bound }: Floor, value: number): boolean {
  switch (kind) {
    case "at least":
      return value >= bound
    case "at most":
      return value <= bound
    case "under":
      return value < bound
  }
}
