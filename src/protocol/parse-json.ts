/** What the text says, if it is JSON. Undefined: it is not, for JSON has no such word. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
