/** From so many characters left on, they are counted for the writer to see. */
const shownFrom = 200

/** Code points, as the server counts them: an emoji of three is three. */
export function countChars(text: string): number {
  let count = 0
  for (const _char of text) count++
  return count
}

/**
 * How many characters are left, negative if there are too many; null while there are plenty.
 * `max` 0: any number.
 */
export function charsLeft(text: string, max: number): number | null {
  // Code units bound code points, so that a short text is not counted at each key.
  if (max === 0 || text.length < max - shownFrom) return null
  const left = max - countChars(text)
  return left <= shownFrom ? left : null
}
