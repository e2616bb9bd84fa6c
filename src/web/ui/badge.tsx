import "./badge.css"

export interface BadgeProps {
  readonly count: number
  readonly isMention?: boolean
  /** For those who hear it, as "3 unread". */
  readonly label?: string
}

/** How many there are; none: nothing. More than 999 nobody counts. */
export function Badge({ count, isMention = false, label }: BadgeProps) {
  if (count === 0) return null
  const text = count > 999 ? "999+" : String(count)
  return (
    <span class={isMention ? "badge badge-mention" : "badge"}>
      <span aria-hidden={label === undefined ? undefined : "true"}>{text}</span>
      {label !== undefined && <span class="visually-hidden">{label}</span>}
    </span>
  )
}
