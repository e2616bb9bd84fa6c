import { LIMITS } from "./limits"

/** Marks that turn the direction of a text: by them `gpj.exe` is shown as `exe.jpg`. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** Control characters, line ends, byte order marks and tags, none of which anybody sees. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\ufeff\u{e0000}-\u{e007f}]/gu

const NAMELESS = "file"

/**
 * A file's name as others may be shown it, and may save it: no path, nothing that is not seen, and
 * not longer than `LIMITS.uploadNameCharsMax` characters. What is left of nothing is `file`.
 */
export function cleanFileName(raw: string): string {
  const last = raw.toWellFormed().split(/[/\\]/).at(-1) ?? ""
  const seen = last.replace(TURNS, "").replace(UNSEEN, "").normalize("NFC")
  // Some systems take dots and blanks off the end of a name, others hide what begins with a dot.
  const name = shorten(seen.replace(/^[\s.]+|[\s.]+$/gu, "")).replace(/[\s.]+$/u, "")
  return name === "" ? NAMELESS : name
}

function shorten(name: string): string {
  const characters = [...name]
  if (characters.length <= LIMITS.uploadNameCharsMax) return name
  const ending = [...(/\.[^.\s]{1,16}$/u.exec(name)?.[0] ?? "")]
  const beginning = characters.slice(0, LIMITS.uploadNameCharsMax - ending.length)
  return [...beginning, ...ending].join("")
}
