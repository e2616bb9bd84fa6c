/** A page that nobody sees has no frames: what is shown there, as its title among tabs, has time. */
const UNSEEN_MS = 250

const wanted = new Set<() => void>()
let callOff: (() => void) | null = null

/**
 * Runs it as the next frame is made, once however often it is asked for: hundreds of changes a
 * second are drawn as often as the screen is. All in one go: between two callbacks of a frame the
 * page would be drawn for each.
 */
export function inNextFrame(show: () => void): void {
  wanted.add(show)
  if (callOff !== null) return
  const frame = requestAnimationFrame(run)
  const timer = setTimeout(run, UNSEEN_MS)
  callOff = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}

/** It is not to be run any more. */
export function dropFromFrame(show: () => void): void {
  wanted.delete(show)
}

function run(): void {
  callOff?.()
  callOff = null
  const all = [...wanted]
  wanted.clear()
  for (const each of all) each()
}
