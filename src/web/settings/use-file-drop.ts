import type { RefObject } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"

/** Whether a file hovers over the element; the first one that is let go there is handed on. */
export function useFileDrop(
  target: RefObject<HTMLElement | null>,
  onFile: (file: File) => void,
): boolean {
  const [isOver, setOver] = useState(false)
  const latest = useRef(onFile)
  latest.current = onFile

  useEffect(() => {
    const element = target.current
    if (element === null) return
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return
      // Or the browser opens the file in place of the page.
      event.preventDefault()
      setOver(true)
    }
    const leave = () => setOver(false)
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) latest.current(file)
    }
    element.addEventListener("dragover", over)
    element.addEventListener("dragleave", leave)
    element.addEventListener("drop", drop)
    return () => {
      element.removeEventListener("dragover", over)
      element.removeEventListener("dragleave", leave)
      element.removeEventListener("drop", drop)
    }
  }, [target])
  return isOver
}
