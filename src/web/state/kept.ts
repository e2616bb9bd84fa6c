/**
 * Small things that outlive the page, in `localStorage`. A browser may refuse to keep anything, and
 * what is there may be of another version: then it is as if nothing had been kept.
 */
const PREFIX = "parley."

/** What was kept under that name, or null. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

/** Null: forgotten. */
export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, value)
  } catch {
    // Full, or not allowed: it holds as long as the page.
    return
  }
}

/** Forgets all that begins so, as what somebody wrote who signs out. */
export function forgetAll(start: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX + start)) localStorage.removeItem(key)
    }
  } catch {
    return
  }
}
