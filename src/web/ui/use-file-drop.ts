import type { RefObject } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"

interface FileDrop {
  /** Takes all that is dropped onto the nearest such element around the target; else onto it. */
  readonly within?: string
  readonly isOff?: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** Where files may be dropped just now, on the screen; null: nothing is dragged over it. */
export function useFileDrop(
  target: RefObject<HTMLElement | null>,
  { within, isOff = false, onFiles }: FileDrop,
): DOMRect | null {
  const [over, setOver] = useState<DOMRect | null>(null)
  const latest = useRef(onFiles)
  latest.current = onFiles

  useEffect(() => {
    const zone = within === undefined ? target.current : target.current?.closest(within)
    if (isOff || !(zone instanceof HTMLElement)) return undefined

    const onOver = (event: DragEvent) => {
      if (event.defaultPrevented || !bringsFiles(event)) return
      // Or the browser opens the file in place of the page.
      event.preventDefault()
      setOver((last) => last ?? zone.getBoundingClientRect())
    }
    const onLeave = (event: DragEvent) => {
      const to = event.relatedTarget
      if (!(to instanceof Node) || !zone.contains(to)) setOver(null)
    }
    const onDrop = (event: DragEvent) => {
      setOver(null)
      if (event.defaultPrevented || !bringsFiles(event)) return
      event.preventDefault()
      latest.current([...(event.dataTransfer?.files ?? [])])
    }
    zone.addEventListener("dragover", onOver)
    zone.addEventListener("dragleave", onLeave)
    zone.addEventListener("drop", onDrop)
    return () => {
      zone.removeEventListener("dragover", onOver)
      zone.removeEventListener("dragleave", onLeave)
      zone.removeEventListener("drop", onDrop)
    }
  }, [target, within, isOff])
  return over
}

const bringsFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes("Files") ?? false
