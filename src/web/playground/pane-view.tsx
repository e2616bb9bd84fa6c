import { X } from "lucide"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { ConnectForm } from "./connect-form"
import { EndingNote } from "./ending-note"
import { FrameList } from "./frame-list"
import type { Pane } from "./pane"
import type { Playground } from "./playground-state"
import { SendForm } from "./send-form"
import { WhoForm } from "./who-form"
import "./pane-view.css"

export interface PaneViewProps {
  readonly pane: Pane
  readonly playground: Playground
  readonly number: number
  readonly onRemove?: () => void
}

/** One connection from top to bottom: who, where, what is sent, and what went over the wire. */
export function PaneView({ pane, playground, number, onRemove }: PaneViewProps) {
  const titleId = `pane-${pane.id}`
  const status = pane.status.value
  return (
    <section class="pane" aria-labelledby={titleId}>
      <header class="pane-head">
        <h2 class="pane-title" id={titleId}>
          {t().playground.connection(number)}
        </h2>
        <span class={`pane-status pane-status-${status}`} role="status">
          {t().playground.status[status]}
        </span>
        {onRemove !== undefined && (
          <IconButton icon={X} label={t().playground.removeSecond} onClick={onRemove} />
        )}
      </header>
      <div class="pane-body">
        <div class="pane-forms">
          <WhoForm pane={pane} playground={playground} />
          <ConnectForm pane={pane} rest={playground.rest} />
          <EndingNote pane={pane} rest={playground.rest} />
          <SendForm pane={pane} />
        </div>
        <FrameList pane={pane} number={number} />
      </div>
    </section>
  )
}
