/** Whether it is an object of JSON, with whatever fields: `__proto__` too is one of them. */
export const isFields = (it: unknown): it is Readonly<Record<string, unknown>> =>
  typeof it === "object" && it !== null && !Array.isArray(it)

/**
 * Whether JSON is nested no deeper than so many levels. Looks no deeper itself, and not at every
 * byte of bytes in it, which may stand in it a thousand times. Every packet of Socket.IO is asked:
 * a list of the values, made for each object, was most of the work.
 */
export function isWithinDepth(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true
  if (levels <= 0) return false
  if (isFields(value)) return areFieldsWithin(value, levels - 1)
  return Array.isArray(value) && value.every((inner) => isWithinDepth(inner, levels - 1))
}

function areFieldsWithin(fields: Readonly<Record<string, unknown>>, levels: number): boolean {
  for (const name in fields) {
    if (!isWithinDepth(fields[name], levels)) return false
  }
  return true
}

/** Whether all numbers of JSON can be said in it again: `1e999` is read as Infinity, which JSON cannot say. */
export function hasOnlyNumbers(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value)
  if (typeof value !== "object" || value === null) return true
  return Object.values(value).every(hasOnlyNumbers)
}
