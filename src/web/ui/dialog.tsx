import { X } from "lucide"
import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"
import { t } from "../strings"
import { IconButton } from "./icon-button"
import { useModal } from "./use-modal"
import "./dialog.css"

export interface DialogProps {
  readonly title: string
  /** By its button, by Escape, or by a press beside it. */
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** Buttons; those of a form name it by `form`. */
  readonly footer?: ComponentChildren
}

/**
 * Above everything, until it is closed. The browser keeps the focus inside; where it was before, it
 * is again after. What is in it with `autofocus` gets it, else the first control.
 */
export function Dialog({ title, onClose, children, footer }: DialogProps) {
  const dialog = useModal("[autofocus], .dialog-body :is(input, textarea)")
  const titleId = useId()

  return (
    // Escape closes it without a mouse: the press beside it is one more way.
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        if (event.target === dialog.current) onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header class="dialog-head">
        <h2 class="dialog-title" id={titleId}>
          {title}
        </h2>
        <IconButton icon={X} label={t().app.close} onClick={onClose} />
      </header>
      <div class="dialog-body">{children}</div>
      {footer !== undefined && <footer class="dialog-foot">{footer}</footer>}
    </dialog>
  )
}
