/** Opens on Ctrl/Cmd-K. */
export function Palette() {
  return null
}
