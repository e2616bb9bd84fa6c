import { isFields } from "../../protocol/json"

/** Who put it there: the other side, this one, or the playground with a word of its own. */
export type Direction = "in" | "out" | "note"
/** `packet`: of Engine.IO, below the events of Socket.IO. */
export type Layer = "frame" | "packet"

export interface LoggedFrame {
  readonly id: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly direction: Direction
  readonly layer: Layer
  /** What one sees first: a type or an event. */
  readonly name: string
  readonly text: string
  readonly bytes: number
  readonly isTrouble: boolean
}

export interface FrameLog {
  readonly frames: readonly LoggedFrame[]
  /** Frames that came before those, and were forgotten. */
  readonly dropped: number
  /** What came while it stood still, waiting to be shown. */
  readonly held: readonly LoggedFrame[]
  readonly isPaused: boolean
}

/** More than one looks at, and few enough to keep a page quick. */
export const FRAMES_MAX = 1_000

export const EMPTY_LOG: FrameLog = { frames: [], dropped: 0, held: [], isPaused: false }

/** Adds one at the end, where it is not paused; the oldest goes when there are too many. */
export function withFrame(log: FrameLog, frame: LoggedFrame): FrameLog {
  if (!log.isPaused) return bounded({ ...log, frames: [...log.frames, frame] })
  const held = [...log.held, frame]
  const surplus = Math.max(0, held.length - FRAMES_MAX)
  return { ...log, held: held.slice(surplus), dropped: log.dropped + surplus }
}

export const paused = (log: FrameLog): FrameLog => ({ ...log, isPaused: true })

/** Shows what came meanwhile. */
export const resumed = (log: FrameLog): FrameLog =>
  bounded({ ...log, frames: [...log.frames, ...log.held], held: [], isPaused: false })

/** Empty; a log that stands still goes on standing still. */
export const cleared = (log: FrameLog): FrameLog => ({ ...EMPTY_LOG, isPaused: log.isPaused })

function bounded(log: FrameLog): FrameLog {
  const surplus = log.frames.length - FRAMES_MAX
  if (surplus <= 0) return log
  return { ...log, frames: log.frames.slice(surplus), dropped: log.dropped + surplus }
}

export interface FrameFilter {
  /** In the name or the text, without regard to case. */
  readonly words: string
  readonly direction: Direction | "all"
  readonly showsPackets: boolean
}

export const NO_FILTER: FrameFilter = { words: "", direction: "all", showsPackets: false }

export function filtered(
  frames: readonly LoggedFrame[],
  { words, direction, showsPackets }: FrameFilter,
): readonly LoggedFrame[] {
  const sought = words.trim().toLowerCase()
  return frames.filter(
    (it) =>
      (showsPackets || it.layer !== "packet") &&
      (direction === "all" || it.direction === direction) &&
      `${it.name} ${it.text}`.toLowerCase().includes(sought),
  )
}

/** On many lines where it is JSON; else as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** For the clipboard: a line each, with time and direction. */
export const asText = (frames: readonly LoggedFrame[]): string =>
  frames
    .map(({ at, direction, text }) => `${new Date(at).toISOString()} ${ARROWS[direction]} ${text}`)
    .join("\n")

export const ARROWS: Readonly<Record<Direction, string>> = { in: "←", out: "→", note: "·" }

/** Secrets that stand in a text, made unreadable: a log is copied, and shown to others. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((it) => it !== "")
    .flatMap((it) => [it, encodeURIComponent(it)])
    .reduce((said, secret) => said.replaceAll(secret, "•••"), text)
}

/** What a frame calls itself. `[event, …]` and Engine.IO's packets are named by who heard them. */
export function nameOf(text: string): string {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame !== "object" || frame === null) return typeof frame
    const name = Reflect.get(frame, "event") ?? Reflect.get(frame, "type")
    return typeof name === "string" ? name : "?"
  } catch {
    return "?"
  }
}

/** The code of a refusal, which stands beside its words: in `data`, or in the frame itself. */
export function errorCodeIn(text: string): string | null {
  try {
    const frame: unknown = JSON.parse(text)
    if (!isFields(frame)) return null
    const data = isFields(frame.data) ? frame.data : frame
    return typeof data.code === "string" ? data.code : null
  } catch {
    return null
  }
}
