import { FileText, RotateCcw, X } from "lucide"
import { useEffect, useState } from "preact/hooks"
import { language } from "../state/preferences"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Icon } from "../ui/icon"
import { IconButton } from "../ui/icon-button"
import { saySize } from "../ui/say-size"
import { FileTooLarge, type UploadQueue } from "./upload-queue"
import type { Upload } from "./uploads"
import "./file-list.css"

/** The files that the message will show: how far each is, and what can be done about it. */
export function FileList({ queue }: { readonly queue: UploadQueue }) {
  const uploads = queue.uploads.value
  if (uploads.length === 0) return null
  const ready = uploads.filter(({ state }) => state.type === "done").length
  return (
    <>
      <ul class="file-list" aria-label={t().composer.files}>
        {uploads.map((upload) => (
          <FileItem key={upload.id} upload={upload} queue={queue} />
        ))}
      </ul>
      <span class="visually-hidden" role="status">
        {ready === uploads.length ? t().composer.file.ready(ready) : ""}
      </span>
    </>
  )
}

interface FileItemProps {
  readonly upload: Upload
  readonly queue: UploadQueue
}

function FileItem({ upload, queue }: FileItemProps) {
  const { id, file, state } = upload
  const words = t().composer.file
  const isGoing = state.type === "going" || state.type === "waiting"
  return (
    <li class={state.type === "failed" ? "file-item file-item-failed" : "file-item"}>
      <Preview file={file} />
      <div class="file-item-text">
        <span class="file-item-name" title={file.name}>
          {file.name}
        </span>
        <FileState upload={upload} />
      </div>
      {state.type === "failed" && state.isRetryable && (
        <IconButton
          icon={RotateCcw}
          label={words.retry(file.name)}
          onClick={() => queue.retry(id)}
        />
      )}
      <IconButton
        icon={X}
        label={isGoing ? words.cancel(file.name) : words.remove(file.name)}
        onClick={() => queue.remove(id)}
      />
    </li>
  )
}

function FileState({ upload: { file, state } }: { readonly upload: Upload }) {
  const words = t().composer.file
  switch (state.type) {
    case "waiting":
      return <span class="file-item-state">{words.waiting}</span>
    case "going":
      return (
        <progress
          class="file-item-progress"
          max={1}
          value={state.share}
          aria-label={words.progress(file.name)}
        >
          {words.going(Math.round(state.share * 100))}
        </progress>
      )
    case "done":
      return <span class="file-item-state">{saySize(file.size, language.value)}</span>
    case "failed":
      return (
        <span class="file-item-state file-item-trouble" role="alert">
          {wordsForFile(state.error)}
        </span>
      )
  }
}

const wordsForFile = (error: unknown): string =>
  error instanceof FileTooLarge
    ? t().composer.file.tooLarge(saySize(error.bytesMax, language.value))
    : wordsFor(error)

/** Kinds that browsers show, and that can do nothing when shown. */
const SHOWN = /^image\/(png|jpeg|gif|webp|avif|bmp)$/

/** The picture itself, from this machine; a sign for everything else. */
function Preview({ file }: { readonly file: File }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!SHOWN.test(file.type)) return undefined
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  if (url === null) {
    return (
      <span class="file-item-picture">
        <Icon node={FileText} size={22} />
      </span>
    )
  }
  return <img class="file-item-picture" src={url} alt="" />
}
