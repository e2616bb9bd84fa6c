import type { ComponentChildren, Ref } from "preact"
import { Spinner } from "./spinner"
import "./button.css"

export interface ButtonProps {
  readonly kind?: "primary" | "plain" | "danger" | "quiet"
  /** What was pressed is under way: it can't be pressed again, and keeps the focus. */
  readonly isBusy?: boolean
  readonly disabled?: boolean
  readonly type?: "button" | "submit"
  readonly onClick?: (event: MouseEvent) => void
  readonly children: ComponentChildren
  /** The id of the form that it sends, where it stands outside. */
  readonly form?: string
  readonly buttonRef?: Ref<HTMLButtonElement>
}

export function Button({ kind = "plain", type = "button", isBusy = false, ...rest }: ButtonProps) {
  const { disabled, onClick, children, form, buttonRef = null } = rest
  return (
    <button
      ref={buttonRef}
      type={type}
      form={form}
      class={`button button-${kind}`}
      disabled={disabled}
      aria-disabled={isBusy ? "true" : undefined}
      onClick={(event) => {
        if (isBusy) return event.preventDefault()
        onClick?.(event)
      }}
    >
      {isBusy && <Spinner size={16} />}
      {children}
    </button>
  )
}
