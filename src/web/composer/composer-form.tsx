import { CaseSensitive, Paperclip } from "lucide"
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { useClient } from "../state/client"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { useFileDrop } from "../ui/use-file-drop"
import { CompletionList } from "./completion-list"
import { ComposeBanner } from "./compose-banner"
import { editing, type Place, placeKey, replyingTo, stopComposing } from "./compose-state"
import { DropOverlay } from "./drop-overlay"
import { editLast } from "./edit-last"
import { EmojiButton } from "./emoji-button"
import { FileList } from "./file-list"
import { FormatBar } from "./format-bar"
import { charsLeft } from "./length"
import { queueFor } from "./queues"
import { SendButtons } from "./send-buttons"
import { limitsOf } from "./server-limits"
import { insertText, type Writing } from "./text-edits"
import { filesMax } from "./uploads"
import { useCallables } from "./use-callables"
import { useCompletion } from "./use-completion"
import { drafts, useDraft } from "./use-draft"
import { useSend } from "./use-send"
import { useWriting } from "./use-writing"
import { WritingArea } from "./writing-area"
import { onWritingKey } from "./writing-keys"

interface ComposerFormProps {
  readonly room: RoomHandle
  readonly place: Place
}

/** The box and everything around it, for one place. */
export function ComposerForm({ room, place }: ComposerFormProps) {
  const client = useClient()
  const form = useRef<HTMLFormElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [hasFormats, setHasFormats] = useState(false)
  const replyTo = replyingTo.value.get(placeKey(place)) ?? null
  const edited = editing.value.get(placeKey(place)) ?? null
  const queue = useMemo(() => queueFor(client, place), [client, place])
  const writing = useWriting(useMemo(() => drafts.read(place), [place]))
  const callables = useCallables(room)
  const completion = useCompletion({ writing, client, room, callables })
  const sending = useSend({
    room,
    place,
    queue,
    callables,
    replyTo,
    edited,
    onDone() {
      if (edited !== null) return
      drafts.write(place, "")
      writing.replace("")
      room.setTyping(false)
    },
  })
  useDraft(place, writing, edited)
  // Before the next key: it is meant for the answer.
  useLayoutEffect(() => {
    if (replyTo !== null) writing.focus()
  }, [replyTo])

  const addFiles = useCallback(
    (files: readonly File[]) => {
      if (queue.add(files) > 0) sending.tell(t().composer.file.tooMany(filesMax))
    },
    [queue],
  )
  const isThread = place.threadId !== undefined
  const over = useFileDrop(form, {
    // A thread takes what is dropped onto it; a room all else.
    within: isThread ? "aside" : "main",
    isOff: edited !== null,
    onFiles: addFiles,
  })
  const left = charsLeft(writing.text, limitsOf(client).value.max_message_length)
  const isEmpty = writing.text.trim() === "" && queue.uploads.value.length === 0
  const isOff = sending.isBusy || isEmpty || (left !== null && left < 0)

  const submit = () => {
    if (!isOff) void sending.send(writing.read().text)
  }
  const format = (change: (writing: Writing) => Writing) => {
    writing.apply(change(writing.read()))
    writing.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isTaken =
      completion.onKey(event) ||
      onWritingKey(event, {
        writing,
        format,
        submit,
        editLast: () => editLast(room, place, client.me.value?.id),
        onCancel: edited === null && replyTo === null ? null : () => stopComposing(place),
      })
    if (isTaken) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  return (
    <form
      class="composer-form"
      ref={form}
      aria-label={t().composer.title}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <CompletionList completion={completion} />
      <ComposeBanner replyTo={replyTo} edited={edited} onCancel={() => stopComposing(place)} />
      {sending.trouble !== null && (
        <p class="composer-trouble" role="alert">
          {sending.trouble}
        </p>
      )}
      {edited === null && <FileList queue={queue} />}
      {hasFormats && <FormatBar onFormat={format} />}
      <WritingArea
        writing={writing}
        completion={completion}
        room={room}
        isThread={isThread}
        isBusy={sending.isBusy}
        onKeyDown={onKeyDown}
        onFiles={edited === null ? addFiles : undefined}
        onTyped={(text) => {
          sending.forget()
          room.setTyping(edited === null && text.trim() !== "" && !text.startsWith("/"))
        }}
      />
      <div class="composer-tools">
        {edited === null && (
          <IconButton
            icon={Paperclip}
            label={t().composer.attach}
            onClick={() => picker.current?.click()}
          />
        )}
        <EmojiButton onPick={(emoji) => format((it) => insertText(it, emoji))} />
        <IconButton
          icon={CaseSensitive}
          label={t().composer.showTools}
          isPressed={hasFormats}
          onClick={() => setHasFormats(!hasFormats)}
        />
        <span
          class={left !== null && left < 0 ? "composer-left composer-left-over" : "composer-left"}
          role="status"
        >
          {left === null ? "" : t().composer.charsLeft(left)}
        </span>
        <SendButtons
          isOff={isOff}
          isEdit={edited !== null}
          onLater={(at) => void sending.sendAt(writing.read().text, at)}
        />
      </div>
      <input
        type="file"
        multiple
        hidden
        ref={picker}
        aria-label={t().composer.attach}
        onChange={({ currentTarget }) => {
          addFiles([...(currentTarget.files ?? [])])
          // The same file may be chosen again.
          currentTarget.value = ""
        }}
      />
      {over !== null && <DropOverlay over={over} />}
    </form>
  )
}
