const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const

/** Bytes in the reader's words, as `1.4 MB`. By thousands, as file managers count. */
export function saySize(bytes: number, language: string): string {
  const power = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1_000 ** power)
}
