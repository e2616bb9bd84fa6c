const MS_OF: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}

/** `10m`, `2h`, `3d` or `1w` in milliseconds; null: it is none, or no time at all. */
export function readDuration(text: string): number | null {
  const [, count = "", unit = ""] = /^(\d{1,4})([mhdw])$/i.exec(text) ?? []
  const ms = Number(count) * (MS_OF[unit.toLowerCase()] ?? 0)
  return ms > 0 ? ms : null
}
