import type { RefObject } from "preact"
import { useEffect, useState } from "preact/hooks"

interface DropZone {
  /** The form that the files are for. */
  readonly form: RefObject<HTMLElement | null>
  /** A thread takes what is dropped onto it; a room all else. */
  readonly isThread: boolean
  readonly isOff: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** Where files may be dropped just now, on the screen; null: nothing is dragged over it. */
export function useDroppedFiles({ form, isThread, isOff, onFiles }: DropZone): DOMRect | null {
  const [over, setOver] = useState<DOMRect | null>(null)
  useEffect(() => {
    const zone = form.current?.closest(isThread ? "aside" : "main")
    if (isOff || !(zone instanceof HTMLElement)) return undefined

    const onOver = (event: DragEvent) => {
      if (event.defaultPrevented || !bringsFiles(event)) return
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
      onFiles([...(event.dataTransfer?.files ?? [])])
    }
    zone.addEventListener("dragover", onOver)
    zone.addEventListener("dragleave", onLeave)
    zone.addEventListener("drop", onDrop)
    return () => {
      zone.removeEventListener("dragover", onOver)
      zone.removeEventListener("dragleave", onLeave)
      zone.removeEventListener("drop", onDrop)
    }
  }, [form, isThread, isOff, onFiles])
  return over
}

const bringsFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes("Files") ?? false
