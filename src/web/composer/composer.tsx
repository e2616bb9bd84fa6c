import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { t } from "../strings"
import { TextInput } from "../ui/input"

export interface ComposerProps {
  readonly room: RoomHandle
  /** Answers go into this thread. */
  readonly threadId?: string
}

export function Composer({ room, threadId }: ComposerProps) {
  const [text, setText] = useState("")
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() === "") return
        room.send({ content: text, threadId: threadId ?? null })
        setText("")
      }}
    >
      <TextInput aria-label={t().composer.title} value={text} onInput={setText} />
    </form>
  )
}
