import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Badge } from "../ui/badge"
import { Icon } from "../ui/icon"
import type { PaletteEntry } from "./entries"

export interface PaletteRowProps {
  readonly id: string
  readonly entry: PaletteEntry
  /** Of the label, what was typed. */
  readonly positions: readonly number[]
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly onPoint: () => void
}

/** The focus stays in the box above: a row is chosen by its keys, or pressed. */
export function PaletteRow(props: PaletteRowProps) {
  const { id, entry, positions, isChosen, onChoose, onPoint } = props
  const { label, detail, icon, profile, kind, unread = 0, mentions = 0 } = entry
  const words = t().palette
  return (
    <div
      id={id}
      class="palette-row"
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChoose()
      }}
      onPointerMove={onPoint}
    >
      {profile === undefined ? (
        <span class="palette-icon">
          <Icon node={icon} size={18} />
        </span>
      ) : (
        <Avatar profile={profile} size={26} />
      )}
      <span class="palette-label">
        <Marked text={label} positions={positions} />
        {detail !== undefined && <span class="palette-detail">{detail}</span>}
      </span>
      <Badge
        count={mentions > 0 ? mentions : unread}
        isMention={mentions > 0}
        label={words.unread(unread)}
      />
      <span class="palette-kind">
        {words.kinds[entry.isDirect === true ? "conversation" : kind]}
      </span>
    </div>
  )
}

/** What was typed stands out; neighbours are one piece, so that they are read as one. */
function Marked({
  text,
  positions,
}: {
  readonly text: string
  readonly positions: readonly number[]
}) {
  const hits = new Set(positions)
  const parts: { text: string; isHit: boolean }[] = []
  for (let at = 0; at < text.length; at++) {
    const isHit = hits.has(at)
    const last = parts.at(-1)
    if (last?.isHit === isHit) last.text += text.charAt(at)
    else parts.push({ text: text.charAt(at), isHit })
  }
  return (
    <span class="palette-name">
      {parts.map((part, index) =>
        part.isHit ? <b key={index}>{part.text}</b> : <span key={index}>{part.text}</span>,
      )}
    </span>
  )
}
