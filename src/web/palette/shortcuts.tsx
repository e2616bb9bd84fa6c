/** What keys do; opens on `?`. */
export function Shortcuts() {
  return null
}
