import { useEffect, useState } from "preact/hooks"
import type { Live } from "../../client/live"

/**
 * The value of a `Live`, looked at once a frame however often it changes: hundreds of messages a
 * second are drawn as often as the screen is, and not at all while nobody sees the page.
 */
export function useFrame<T>(live: Live<T>): T {
  const [shown, setShown] = useState({ live, value: live.value })
  useEffect(() => {
    const show = () =>
      setShown((before) =>
        before.live === live && Object.is(before.value, live.value)
          ? before
          : { live, value: live.value },
      )
    const stop = live.subscribe(() => inNextFrame(show))
    // It may have changed between the first look and this one.
    show()
    return () => {
      stop()
      wanted.delete(show)
    }
  }, [live])
  return shown.live === live ? shown.value : live.value
}

/** All in one go: between two callbacks of a frame the page would be drawn for each. */
const wanted = new Set<() => void>()
let isAsked = false

function inNextFrame(show: () => void): void {
  wanted.add(show)
  if (isAsked) return
  isAsked = true
  requestAnimationFrame(() => {
    isAsked = false
    const all = [...wanted]
    wanted.clear()
    for (const each of all) each()
  })
}
