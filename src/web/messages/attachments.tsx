import "./attachments.css"
import { Download, FileText, ImageOff } from "lucide"
import { useState } from "preact/hooks"
import type { ApiAttachment } from "../../protocol/answers"
import { locale } from "../state/preferences"
import { t } from "../strings"
import { isOfOurOrigin } from "../ui/face"
import { Icon } from "../ui/icon"
import { saySize } from "../ui/say-size"
import { fit, type Size } from "./picture-size"

interface AttachmentsProps {
  readonly attachments: readonly ApiAttachment[]
  /** Opens a picture large, by its place among the pictures. */
  readonly onOpen?: (index: number) => void
}

const ALONE: Size = { width: 420, height: 320 }
const AMONG_OTHERS: Size = { width: 200, height: 160 }

/** The files of a message: pictures, films and sounds are seen and heard here, others fetched. */
export function Attachments({ attachments, onOpen }: AttachmentsProps) {
  const own = attachments.filter(({ url }) => isOfOurOrigin(url))
  const pictures = picturesIn(own)
  const max = pictures.length > 1 ? AMONG_OTHERS : ALONE
  return (
    <div class="attachments">
      {pictures.length > 0 && (
        <div class="attachment-pictures">
          {pictures.map((it, index) => (
            <Picture key={it.id} file={it} max={max} onOpen={onOpen && (() => onOpen(index))} />
          ))}
        </div>
      )}
      {own.map((it) => (
        <Other key={it.id} file={it} />
      ))}
    </div>
  )
}

/** What is not a picture. Who sent a film has no captions to give. */
function Other({ file }: { readonly file: ApiAttachment }) {
  switch (kindOf(file)) {
    case "picture":
      return null
    case "video":
      return (
        <video
          class="attachment-video"
          controls
          preload="metadata"
          src={file.url}
          aria-label={t().messages.video(file.name)}
          style={boxOf(fit(file.width, file.height, ALONE))}
        >
          <track kind="captions" />
        </video>
      )
    case "audio":
      return <Sound file={file} />
    case "file":
      return <FileCard file={file} />
  }
}

/** Those of them that are shown as pictures. */
export const picturesIn = (attachments: readonly ApiAttachment[]): readonly ApiAttachment[] =>
  attachments.filter((it) => kindOf(it) === "picture")

/** By what it is, as the server found it; drawings that can hold scripts are files. */
function kindOf({ mime }: ApiAttachment): "picture" | "video" | "audio" | "file" {
  if (/^image\/(png|jpeg|gif|webp|avif)$/.test(mime)) return "picture"
  if (mime.startsWith("video/")) return "video"
  return mime.startsWith("audio/") ? "audio" : "file"
}

const boxOf = ({ width, height }: Size) => ({
  width: `${width}px`,
  aspectRatio: `${width} / ${height}`,
})

interface PictureProps {
  readonly file: ApiAttachment
  readonly max: Size
  readonly onOpen: (() => void) | undefined
}

function Picture({ file, max, onOpen }: PictureProps) {
  const [isBroken, setBroken] = useState(false)
  const size = fit(file.width, file.height, max)
  if (isBroken) {
    return (
      <span
        class="attachment-broken"
        style={boxOf(size)}
        role="img"
        aria-label={t().messages.imageBroken(file.name)}
      >
        <Icon node={ImageOff} size={24} />
        <span>{file.name}</span>
      </span>
    )
  }
  return (
    <button
      type="button"
      class="attachment-picture"
      style={boxOf(size)}
      aria-label={t().messages.image(file.name)}
      onClick={onOpen}
      disabled={onOpen === undefined}
    >
      <img
        src={file.thumbnail_url ?? file.url}
        alt=""
        width={size.width}
        height={size.height}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
      />
    </button>
  )
}

function Sound({ file }: { readonly file: ApiAttachment }) {
  return (
    <figure class="attachment-sound">
      <figcaption>{file.name}</figcaption>
      <audio controls preload="none" src={file.url} aria-label={t().messages.audio(file.name)}>
        <track kind="captions" />
      </audio>
    </figure>
  )
}

function FileCard({ file }: { readonly file: ApiAttachment }) {
  return (
    <a
      class="attachment-file"
      href={file.url}
      download={file.name}
      title={t().messages.download(file.name)}
    >
      <Icon node={FileText} size={24} />
      <span class="attachment-file-text">
        <span class="attachment-file-name">{file.name}</span>
        <span class="attachment-file-size">{saySize(file.size, locale.value)}</span>
      </span>
      <Icon node={Download} size={18} />
    </a>
  )
}
