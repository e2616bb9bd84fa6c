import "./lightbox.css"
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide"
import { useLayoutEffect, useRef, useState } from "preact/hooks"
import type { ApiAttachment } from "../../protocol/answers"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { IconButton } from "../ui/icon-button"

interface LightboxProps {
  readonly pictures: readonly ApiAttachment[]
  readonly index: number
  readonly onClose: () => void
}

const ZOOMS = [1, 1.5, 2, 3, 4] as const

/** A picture as large as the page: arrows for the next, plus and minus for its size. */
export function Lightbox({ pictures, index, onClose }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(index)
  const [zoom, setZoom] = useState(0)
  const picture = pictures[at]

  useLayoutEffect(() => {
    const before = document.activeElement
    const element = dialog.current
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])

  if (picture === undefined) return null
  const words = t().messages
  const go = (by: number) => {
    setAt((at + by + pictures.length) % pictures.length)
    setZoom(0)
  }
  const zoomBy = (by: number) => setZoom(Math.min(ZOOMS.length - 1, Math.max(0, zoom + by)))
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
    "+": () => zoomBy(1),
    "-": () => zoomBy(-1),
    "0": () => setZoom(0),
  }
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={words.imageLarge(picture.name)}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={(event) => {
        event.stopPropagation()
        const press = keys[event.key]
        if (press === undefined) return
        event.preventDefault()
        press()
      }}
    >
      <header class="lightbox-head">
        <span class="lightbox-name">{picture.name}</span>
        {pictures.length > 1 && <span>{words.imageCount(at + 1, pictures.length)}</span>}
        <IconButton
          icon={ZoomOut}
          label={words.zoomOut}
          onClick={() => zoomBy(-1)}
          disabled={zoom === 0}
        />
        <IconButton
          icon={ZoomIn}
          label={words.zoomIn}
          onClick={() => zoomBy(1)}
          disabled={zoom === ZOOMS.length - 1}
        />
        <a
          class="icon-button icon-button-plain"
          href={picture.url}
          download={picture.name}
          aria-label={words.download(picture.name)}
          title={words.download(picture.name)}
        >
          <Icon node={Download} />
        </a>
        <IconButton icon={X} label={t().app.close} onClick={onClose} />
      </header>
      <Stage picture={picture} zoom={ZOOMS[zoom] ?? 1} onClose={onClose} />
      {pictures.length > 1 && (
        <>
          <span class="lightbox-before">
            <IconButton icon={ChevronLeft} label={words.previousImage} onClick={() => go(-1)} />
          </span>
          <span class="lightbox-next">
            <IconButton icon={ChevronRight} label={words.nextImage} onClick={() => go(1)} />
          </span>
        </>
      )}
    </dialog>
  )
}

interface StageProps {
  readonly picture: ApiAttachment
  readonly zoom: number
  readonly onClose: () => void
}

/** A press beside the picture closes it; keys do so by Escape. */
function Stage({ picture, zoom, onClose }: StageProps) {
  return (
    <div
      class="lightbox-stage"
      role="presentation"
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <img
        class="lightbox-picture"
        src={picture.url}
        alt={picture.name}
        style={
          zoom === 1
            ? {}
            : {
                maxWidth: "none",
                maxHeight: "none",
                width: `${Math.round(zoom * 100)}%`,
                margin: "auto",
              }
        }
      />
    </div>
  )
}
