import { useLayoutEffect } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { roomName } from "../state/names"
import { useRoomFrame } from "../state/room-frame"
import { t } from "../strings"
import { insertText } from "./text-edits"
import type { Completion } from "./use-completion"
import type { WritingBox } from "./use-writing"

interface WritingAreaProps {
  readonly writing: WritingBox
  readonly completion: Completion
  readonly room: RoomHandle
  readonly isThread: boolean
  readonly isBusy: boolean
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onFiles: ((files: readonly File[]) => void) | undefined
  readonly onTyped: (text: string) => void
}

/** The box itself: as high as what stands in it, up to a part of the screen. */
export function WritingArea(props: WritingAreaProps) {
  const { writing, completion, room, isThread, isBusy, onKeyDown, onFiles, onTyped } = props
  const { box, text } = writing
  const view = useRoomFrame(room)
  const label = isThread
    ? t().composer.writeInThread
    : t().composer.write(view === null ? "" : roomName(view))
  const isListed = completion.kind !== null
  useLayoutEffect(() => fitHeight(box.current), [text])

  const onPaste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length > 0 && onFiles !== undefined) {
      event.preventDefault()
      onFiles(files)
      return
    }
    const pasted = event.clipboardData?.getData("text/plain").trim() ?? ""
    const { start, end } = writing.read()
    if (start === end || !/^https?:\/\/\S+$/.test(pasted)) return
    event.preventDefault()
    const selected = writing.read().text.slice(start, end)
    writing.apply(insertText(writing.read(), `[${selected}](${pasted})`))
  }
  return (
    <textarea
      class="composer-box"
      ref={box}
      rows={1}
      defaultValue={text}
      placeholder={label}
      aria-label={label}
      aria-autocomplete="list"
      aria-controls={isListed ? completion.listId : undefined}
      aria-activedescendant={isListed ? completion.optionId(completion.active) : undefined}
      readOnly={isBusy}
      onInput={(event) => {
        writing.follow()
        onTyped(event.currentTarget.value)
      }}
      onSelect={writing.follow}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  )
}

function fitHeight(box: HTMLTextAreaElement | null): void {
  if (box === null) return
  box.style.height = "auto"
  box.style.height = `${box.scrollHeight}px`
}
