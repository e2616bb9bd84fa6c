/** Whether it is an object of JSON, with whatever fields: `__proto__` too is one of them. */
export const isFields = (it: unknown): it is Readonly<Record<string, unknown>> =>
  typeof it === "object" && it !== null && !Array.isArray(it)

/**
 * Whether JSON is nested no deeper than so many levels. Looks no deeper itself, and not at every
 * byte of bytes in it, which may stand in it a thousand times.
 */
export function isWithinDepth(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true
  return levels > 0 && Object.values(value).every((inner) => isWithinDepth(inner, levels - 1))
}

/** Whether all numbers of JSON can be said in it again: `1e999` is read as Infinity, which JSON cannot say. */
export function hasOnlyNumbers(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value)
  if (typeof value !== "object" || value === null) return true
  return Object.values(value).every(hasOnlyNumbers)
}
