import { useEffect, useState } from "preact/hooks"
import type { Live } from "../../client/live"

/**
 * The value of a `Live`, looked at once a frame however often it changes: hundreds of messages a
 * second are drawn as often as the screen is, and not at all while nobody sees the page.
 */
export function useFrame<T>(live: Live<T>): T {
  const [shown, setShown] = useState({ live, value: live.value })
  useEffect(() => {
    let frame: number | null = null
    const show = () => {
      frame = null
      setShown((before) =>
        before.live === live && Object.is(before.value, live.value)
          ? before
          : { live, value: live.value },
      )
    }
    const stop = live.subscribe(() => {
      frame ??= requestAnimationFrame(show)
    })
    // It may have changed between the first look and this one.
    show()
    return () => {
      stop()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [live])
  return shown.live === live ? shown.value : live.value
}
