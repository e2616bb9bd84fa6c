/** A message as a client or the server's history shows it: what the check compares. */
export interface SeenMessage {
  readonly id: string
  readonly seq: number
  readonly userId: string
  readonly clientId: string | null
  readonly content: string
}

/** A durable change that was told live; `message` is null for those that are no message. */
export interface Change {
  readonly seq: number
  readonly message: SeenMessage | null
}

/** What a resume told: everything up to `until`. */
export interface Page {
  readonly until: number
  readonly messages: readonly SeenMessage[]
  readonly more: boolean
}

export type Verdict = "applied" | "known" | "kept for later" | "gap"

/**
 * One room as a client knows it, kept as docs/protocol.md tells clients to: what comes twice is
 * dropped by its seq, a gap is noticed, live events that come while catching up wait their turn.
 */
export class Replica {
  readonly messages: SeenMessage[] = []
  /** Everything up to here is known. */
  until = 0
  private isCatchingUp = true
  private readonly ahead = new Map<number, Change>()

  /** All that was missed is known, and what comes live is put behind it. */
  get isLive(): boolean {
    return !this.isCatchingUp
  }

  /** The connection is gone, or a gap was seen: only a resume can go on from here. */
  startCatchingUp(): void {
    this.isCatchingUp = true
    this.ahead.clear()
  }

  addEvent(change: Change): Verdict {
    if (change.seq <= this.until) return "known"
    if (this.isCatchingUp) {
      this.ahead.set(change.seq, change)
      return "kept for later"
    }
    if (change.seq > this.until + 1) return "gap"
    this.apply(change)
    return "applied"
  }

  /** False: live events have run ahead of what the last page told, so there is a gap. */
  addPage({ until, messages, more }: Page): boolean {
    for (const message of messages) if (message.seq > this.until) this.messages.push(message)
    this.until = Math.max(this.until, until)
    if (more) return true
    this.isCatchingUp = false
    const waiting = [...this.ahead.values()].sort((a, b) => a.seq - b.seq)
    this.ahead.clear()
    return waiting.every((change) => this.addEvent(change) !== "gap")
  }

  private apply({ seq, message }: Change): void {
    if (message !== null) this.messages.push(message)
    this.until = seq
  }
}
