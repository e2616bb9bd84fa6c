import type { IconNode } from "lucide"
import type { ComponentChildren } from "preact"
import { Icon } from "./icon"
import "./empty-state.css"

export interface EmptyStateProps {
  readonly icon: IconNode
  readonly title: string
  /** What one can do about it. */
  readonly children?: ComponentChildren
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div class="empty-state">
      <Icon node={icon} size={40} />
      <h2 class="empty-state-title">{title}</h2>
      <div class="empty-state-body">{children}</div>
    </div>
  )
}
