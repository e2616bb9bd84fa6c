import type { ByteRange } from "../core/uploads"

/** What part of a content an answer is to have. */
export type Wanted = "whole" | "unsatisfiable" | ByteRange

/**
 * Reads `Range`. More than one range, another unit and what is malformed is ignored, as it may be:
 * then the whole is answered. Source: RFC 9110, section 14.
 */
export function readRange(header: string | null, size: number): Wanted {
  const [, from, to] = /^bytes[ \t]*=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? "") ?? []
  if (from === undefined || to === undefined || from + to === "") return "whole"
  if (from === "") {
    const last = Math.min(Number(to), size)
    return last === 0 ? "unsatisfiable" : { first: size - last, last: size - 1 }
  }
  const first = Number(from)
  if (to !== "" && Number(to) < first) return "whole"
  if (first >= size) return "unsatisfiable"
  return { first, last: to === "" ? size - 1 : Math.min(Number(to), size - 1) }
}
