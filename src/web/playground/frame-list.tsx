import { ClipboardCopy, Layers, Pause, Play, Trash2 } from "lucide"
import { useLayoutEffect, useRef } from "preact/hooks"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"
import { IconButton } from "../ui/icon-button"
import { Select, TextInput } from "../ui/input"
import { asText, type Direction, filtered } from "./frame-log"
import { FrameRow } from "./frame-row"
import type { Pane } from "./pane"
import "./frame-list.css"

const DIRECTIONS: readonly (Direction | "all")[] = ["all", "in", "out", "note"]

export interface FrameListProps {
  readonly pane: Pane
  /** Of the connection, as people see it. */
  readonly number: number
}

/** What went over the wire, newest last. It follows, unless somebody has scrolled up to read. */
export function FrameList({ pane, number }: FrameListProps) {
  const words = t().playground
  const log = pane.log.value
  const frames = filtered(log.frames, pane.filter.value)
  const list = useRef<HTMLDivElement>(null)
  const follows = useRef(true)

  useLayoutEffect(() => {
    if (follows.current) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [log.frames])

  return (
    <section class="frames" aria-label={words.framesOf(number)}>
      <Toolbar pane={pane} copied={() => asText(frames)} />
      {log.dropped > 0 && <p class="frames-note">{words.dropped(log.dropped)}</p>}
      <div
        ref={list}
        class="frames-scroll"
        onScroll={({ currentTarget: it }) => {
          follows.current = it.scrollTop + it.clientHeight > it.scrollHeight - 40
        }}
      >
        {frames.length === 0 ? (
          <p class="frames-empty">{log.frames.length === 0 ? words.noFrames : words.nothingFits}</p>
        ) : (
          <ol class="frames-list">
            {frames.map((frame) => (
              <FrameRow key={frame.id} frame={frame} />
            ))}
          </ol>
        )}
      </div>
    </section>
  )
}

interface ToolbarProps {
  readonly pane: Pane
  readonly copied: () => string
}

function Toolbar({ pane, copied }: ToolbarProps) {
  const words = t().playground
  const { isPaused, held } = pane.log.value
  const filter = pane.filter.value
  const isSocketIo = pane.facts.value.transport === "socket.io"

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(copied())
    showToast(t().app.copied)
  }

  return (
    <div class="frames-tools">
      <TextInput
        type="search"
        aria-label={words.filter}
        placeholder={words.filter}
        value={filter.words}
        onInput={(text) => {
          pane.filter.value = { ...filter, words: text }
        }}
      />
      <Select
        aria-label={words.direction}
        value={filter.direction}
        options={DIRECTIONS.map((value) => ({ value, label: words.directions[value] }))}
        onChange={(direction) => {
          pane.filter.value = { ...filter, direction }
        }}
      />
      {isSocketIo && (
        <IconButton
          icon={Layers}
          label={words.packets}
          isPressed={filter.showsPackets}
          onClick={() => {
            pane.filter.value = { ...filter, showsPackets: !filter.showsPackets }
          }}
        />
      )}
      <Button kind="plain" onClick={isPaused ? pane.resume : pane.pause}>
        <Icon node={isPaused ? Play : Pause} />
        {isPaused ? words.resume(held.length) : words.pause}
      </Button>
      <IconButton icon={ClipboardCopy} label={words.copyAll} onClick={() => void copy()} />
      <IconButton icon={Trash2} label={words.clear} onClick={pane.clear} />
    </div>
  )
}
