import type { Sent } from "./check"

/** What a message became, as the server acknowledged it. */
export interface Receipt {
  readonly id: string
  readonly seq: number
  readonly duplicate: boolean
}

/** A send that is not acknowledged yet, or was. */
export interface Outgoing extends Omit<Sent, "acknowledged"> {
  mayBeLate: boolean
  attempts: number
  answers: number
  postedAt: number
}

/** Everything that one client has sent, over all its connections. */
export class Outbox {
  readonly counts = { sent: 0, acknowledged: 0, retried: 0, duplicates: 0, refusals: 0 }
  readonly surprises: string[] = []
  private readonly all: Outgoing[] = []
  private readonly waiting = new Map<string, Outgoing>()
  private readonly receipts = new Map<string, Receipt>()
  private readonly highest = new Map<string, number>()

  constructor(
    private readonly name: string,
    private readonly roomIds: readonly string[],
  ) {}

  /** In the order in which they were first sent. */
  get unanswered(): readonly Outgoing[] {
    return [...this.waiting.values()]
  }

  get size(): number {
    return this.waiting.size
  }

  /** The highest seq of the room that was acknowledged. */
  highestIn(roomId: string): number {
    return this.highest.get(roomId) ?? 0
  }

  isWaiting({ clientId }: Outgoing): boolean {
    return this.waiting.has(clientId)
  }

  /** The next message, to the next room. */
  write(): Outgoing {
    const n = this.all.length
    const outgoing: Outgoing = {
      n,
      roomId: this.roomIds[n % this.roomIds.length] ?? "",
      clientId: `${this.name}-${n}`,
      content: `number ${n}`,
      mayBeLate: false,
      attempts: 0,
      answers: 0,
      postedAt: 0,
    }
    this.all.push(outgoing)
    this.waiting.set(outgoing.clientId, outgoing)
    return outgoing
  }

  posted(outgoing: Outgoing): void {
    outgoing.postedAt = performance.now()
    if (outgoing.attempts++ === 0) this.counts.sent++
    else this.counts.retried++
  }

  /** Whatever comes of those that wait comes of them behind others. */
  doubt(): void {
    for (const outgoing of this.waiting.values()) outgoing.mayBeLate = true
  }

  /** Null: it is acknowledged already. */
  refused(clientId: string): Outgoing | null {
    this.counts.refusals++
    const outgoing = this.waiting.get(clientId)
    if (outgoing === undefined) return null
    outgoing.answers++
    outgoing.mayBeLate = true
    return outgoing
  }

  /** True: for the first time. */
  acknowledged(clientId: string, receipt: Receipt): boolean {
    const outgoing = this.all[Number(clientId.slice(this.name.length + 1))]
    if (outgoing === undefined || ++outgoing.answers > outgoing.attempts) {
      this.surprises.push(`${clientId} was answered more often than it was sent`)
      return false
    }
    const before = this.receipts.get(clientId)
    if (before !== undefined) {
      if (before.id !== receipt.id || before.seq !== receipt.seq) {
        this.surprises.push(`${clientId} was acknowledged as two messages`)
      }
      return false
    }
    if (receipt.duplicate && outgoing.attempts === 1) {
      this.surprises.push(`${clientId} was sent once and called a duplicate`)
    }
    this.receipts.set(clientId, receipt)
    this.waiting.delete(clientId)
    const { roomId } = outgoing
    this.highest.set(roomId, Math.max(this.highestIn(roomId), receipt.seq))
    this.counts.acknowledged++
    if (receipt.duplicate) this.counts.duplicates++
    return true
  }

  get story(): readonly Sent[] {
    return this.all.map(({ n, roomId, clientId, content, mayBeLate }) => {
      const acknowledged = this.receipts.get(clientId) ?? null
      return { n, roomId, clientId, content, mayBeLate, acknowledged }
    })
  }
}
