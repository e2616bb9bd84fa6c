const UNITS = ["kB", "MB", "GB", "TB"] as const

/** As people say it: `7 B`, `12 kB`, `3.4 MB`. Thousands, as the systems' own windows have it. */
export function sayBytes(bytes: number): string {
  let rest = bytes
  let said = `${bytes} B`
  for (const unit of UNITS) {
    if (rest < 999.5) break
    rest /= 1_000
    said = `${rest < 10 ? rest.toFixed(1).replace(/\.0$/, "") : Math.round(rest)} ${unit}`
  }
  return said
}
