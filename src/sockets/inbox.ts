import type { Frames } from "../dialects/dialect"

/** A frame of a client on its way to an answer. */
export interface Task {
  /** Waits for all earlier tasks to end, and lets later ones wait for it. */
  readonly isBarrier: boolean
  /** Carries the frame out. It never rejects: a refusal is an answer too. */
  run(): Promise<Frames>
}

interface Entry {
  readonly task: Task
  state: "waiting" | "running" | "done"
  answer: Frames
}

/**
 * Keeps one connection's frames in order. Bun runs asynchronous handlers of one socket side by
 * side, so without this a slow answer would be overtaken. Sends do not wait for each other's
 * commit (that is what lets a client pipeline); reads wait for what was sent before them.
 */
export class Inbox {
  private entries: Entry[] = []
  private running = 0
  private waiting = 0
  private isBarred = false

  constructor(private readonly answer: (frames: Frames) => void) {}

  get size(): number {
    return this.entries.length
  }

  accept(task: Task): void {
    const entry: Entry = { task, state: "waiting", answer: null }
    this.entries.push(entry)
    if (this.waiting === 0 && this.canStart(entry)) this.start(entry)
    else this.waiting++
  }

  /** The connection is gone: what has not started never will, and nobody is answered. */
  clear(): void {
    this.entries = []
    this.waiting = 0
  }

  private canStart({ task }: Entry): boolean {
    return !this.isBarred && (!task.isBarrier || this.running === 0)
  }

  private async start(entry: Entry): Promise<void> {
    entry.state = "running"
    this.running++
    if (entry.task.isBarrier) this.isBarred = true
    entry.answer = await entry.task.run()
    entry.state = "done"
    this.running--
    if (entry.task.isBarrier) this.isBarred = false
    this.answerInOrder()
    if (this.waiting === 0) return
    // What barriers do can be long. Everybody else has a turn between two of them.
    if (entry.task.isBarrier) setImmediate(() => this.startNext())
    else this.startNext()
  }

  private answerInOrder(): void {
    for (let first = this.entries[0]; first?.state === "done"; first = this.entries[0]) {
      this.entries.shift()
      if (first.answer !== null) this.answer(first.answer)
    }
  }

  private startNext(): void {
    for (const entry of this.entries) {
      if (entry.state !== "waiting") continue
      if (!this.canStart(entry)) return
      this.waiting--
      this.start(entry)
    }
  }
}
