import type { IconNode } from "lucide"
import type { Ref } from "preact"
import { Icon } from "./icon"
import "./button.css"

export interface IconButtonProps {
  readonly icon: IconNode
  /** Its name, for those who hear it; and what is shown where the pointer rests. */
  readonly label: string
  readonly onClick?: (event: MouseEvent) => void
  readonly isPressed?: boolean
  readonly kind?: "plain" | "primary" | "danger"
  readonly disabled?: boolean
  readonly type?: "button" | "submit"
  readonly buttonRef?: Ref<HTMLButtonElement>
}

export function IconButton({
  icon,
  label,
  kind = "plain",
  type = "button",
  ...rest
}: IconButtonProps) {
  const { onClick, isPressed, disabled, buttonRef = null } = rest
  return (
    <button
      ref={buttonRef}
      type={type}
      class={`icon-button icon-button-${kind}`}
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon node={icon} />
    </button>
  )
}
