import type { IconNode } from "lucide"
import { h } from "preact"

export interface IconProps {
  /** One of `lucide`, as `<Icon node={Send} />`. */
  readonly node: IconNode
  /** Pixels. */
  readonly size?: number
}

/** A drawing beside words, or in a control that has a name: by itself it says nothing. */
export function Icon({ node, size = 18 }: IconProps) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={2}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {node.map(([tag, attributes]) => h(tag, { ...attributes }))}
    </svg>
  )
}
