import { useEffect, useState } from "preact/hooks"
import type { Live } from "../../client/live"
import { dropFromFrame, inNextFrame } from "../state/frames"

/** The value of a `Live` as it was in the last frame, also where it is drawn again in between. */
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
      dropFromFrame(show)
    }
  }, [live])
  return shown.live === live ? shown.value : live.value
}
