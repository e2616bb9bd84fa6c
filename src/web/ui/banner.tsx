import type { ComponentChildren } from "preact"
import "./banner.css"

export interface BannerProps {
  readonly kind: "info" | "ok" | "warn" | "danger"
  readonly children: ComponentChildren
  /** A button, as a rule: what to do about it. */
  readonly action?: ComponentChildren
}

/** Says something beside what it is about; trouble at once, all else when there is time. */
export function Banner({ kind, children, action }: BannerProps) {
  return (
    <div class={`banner banner-${kind}`} role={kind === "danger" ? "alert" : "status"}>
      <div class="banner-text">{children}</div>
      {action}
    </div>
  )
}
