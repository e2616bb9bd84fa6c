import { X } from "lucide"
import type { ComponentChildren } from "preact"
import { useId, useLayoutEffect, useRef } from "preact/hooks"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import "./panel-frame.css"

export interface PanelFrameProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** Controls beside the title. */
  readonly actions?: ComponentChildren
}

/**
 * What stands beside the room: a part of the page of its own. It takes the focus when it opens, its
 * first field if it has one with `autofocus`, and gives it back when it closes.
 */
export function PanelFrame({ title, onClose, children, actions }: PanelFrameProps) {
  const frame = useRef<HTMLElement>(null)
  const titleId = useId()

  useLayoutEffect(() => {
    const before = document.activeElement
    const element = frame.current
    const first = element?.querySelector<HTMLElement>("[autofocus]")
    const heading = element?.querySelector<HTMLElement>(".panel-title")
    const wanted = first ?? heading
    wanted?.focus()
    return () => {
      const isInside = element?.contains(document.activeElement) ?? false
      const isNowhere = document.activeElement === document.body
      if ((isInside || isNowhere) && before instanceof HTMLElement && before.isConnected)
        before.focus()
    }
  }, [])

  return (
    <aside ref={frame} class="panel" aria-labelledby={titleId}>
      <header class="panel-head">
        <h2 class="panel-title" id={titleId} tabIndex={-1}>
          {title}
        </h2>
        {actions}
        <IconButton icon={X} label={t().room.closePanel} onClick={onClose} />
      </header>
      {children}
    </aside>
  )
}
