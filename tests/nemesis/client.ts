import type { Person } from "../support/people"
import type { ClientStory, Sent } from "./check"
import { Replica, type SeenMessage } from "./replica"

export interface NemesisClientOptions {
  readonly person: Person
  readonly rooms: readonly { readonly id: string; readonly epoch: string }[]
  /** Where the server is just now: each start takes another port. */
  readonly address: () => string
  /** Sends that are kept unanswered at any time. */
  readonly outstanding: number
  /** How long it stays away when it is cut off. */
  readonly reconnectMs: number
}

interface Outgoing extends Omit<Sent, "acknowledged"> {
  attempts: number
}

/** A message in the API's words. */
interface WireMessage {
  readonly id: string
  readonly seq: number
  readonly user_id: string
  readonly client_id?: string
  readonly content: string
}

/**
 * A client that obeys the contract and nothing more: it pipelines sends, reconnects whenever it
 * is cut off, resumes from what it has, and sends what was never acknowledged once more under
 * the same `client_id`.
 */
export class NemesisClient {
  readonly counts = { sent: 0, acknowledged: 0, retried: 0, duplicates: 0, gaps: 0, resumes: 0 }
  /** What a client must never be told. */
  readonly surprises: string[] = []
  private readonly replicas: Map<string, Replica>
  private readonly epochs: ReadonlyMap<string, string>
  private readonly roomIds: readonly string[]
  private readonly outbox = new Map<string, Outgoing>()
  private readonly sent: Outgoing[] = []
  private readonly acknowledged = new Map<string, { id: string; seq: number }>()
  private ws: WebSocket | null = null
  private isSending = true
  private isClosed = false

  constructor(private readonly options: NemesisClientOptions) {
    this.roomIds = options.rooms.map(({ id }) => id)
    this.replicas = new Map(this.roomIds.map((id) => [id, new Replica()]))
    this.epochs = new Map(options.rooms.map(({ id, epoch }) => [id, epoch]))
    this.connect()
  }

  /** Sends nothing new; what is unanswered is still seen through. */
  stopSending(): void {
    this.isSending = false
  }

  close(): void {
    this.isClosed = true
    this.ws?.close()
  }

  get unanswered(): number {
    return this.outbox.size
  }

  /** The last seq of the room up to which everything is known. */
  untilOf(roomId: string): number {
    return this.replicas.get(roomId)?.until ?? 0
  }

  get story(): ClientStory {
    const withAnswer = ({ attempts: _, ...it }: Outgoing): Sent => ({
      ...it,
      acknowledged: this.acknowledged.get(it.clientId) ?? null,
    })
    return {
      userId: this.options.person.id,
      sent: this.sent.map(withAnswer),
      seen: new Map([...this.replicas].map(([id, replica]) => [id, replica.messages])),
    }
  }

  private connect(): void {
    const { address, person } = this.options
    const ws = new WebSocket(`${address().replace("http", "ws")}/api/v1/ws`, {
      headers: { authorization: `Bearer ${person.token}` },
    })
    ws.onmessage = ({ data }) => this.hear(JSON.parse(String(data)))
    ws.onopen = () => {
      this.ws = ws
      this.resume(this.roomIds)
      // Not waiting for what was missed: retries and new sends race with the catching up.
      for (const outgoing of this.outbox.values()) this.post(outgoing)
      this.fill()
    }
    ws.onclose = () => {
      this.ws = null
      for (const replica of this.replicas.values()) replica.startCatchingUp()
      if (!this.isClosed) setTimeout(() => this.connect(), this.options.reconnectMs)
    }
  }

  private resume(roomIds: readonly string[]): void {
    this.counts.resumes++
    const rooms = roomIds.map((id) => ({
      room_id: id,
      epoch: this.epochs.get(id),
      since: this.untilOf(id),
    }))
    this.ws?.send(JSON.stringify({ type: "subscribe", id: 0, data: { rooms } }))
  }

  private fill(): void {
    while (this.isSending && this.ws !== null && this.outbox.size < this.options.outstanding) {
      const n = this.sent.length
      const clientId = `${this.options.person.name}-${n}`
      const roomId = this.roomIds[n % this.roomIds.length] ?? ""
      const outgoing = { n, roomId, clientId, content: `number ${n}`, attempts: 0 }
      this.sent.push(outgoing)
      this.outbox.set(clientId, outgoing)
      this.post(outgoing)
    }
  }

  private post(outgoing: Outgoing): void {
    const { roomId, clientId, content } = outgoing
    if (outgoing.attempts++ === 0) this.counts.sent++
    else this.counts.retried++
    const data = { room_id: roomId, content, client_id: clientId }
    this.ws?.send(JSON.stringify({ type: "message.send", id: clientId, data }))
  }

  // biome-ignore lint/suspicious/noExplicitAny: what is not as expected fails the check.
  private hear(frame: any): void {
    if (frame.type === "ok") {
      if (frame.id === 0) for (const page of frame.data.rooms) this.catchUp(page)
      else this.acknowledge(frame.id, frame.data)
      return
    }
    if (frame.type === "error") {
      this.surprises.push(`${frame.id}: ${frame.data.code} ${frame.data.message}`)
      return
    }
    const replica = this.replicas.get(frame.room_id)
    if (frame.seq === undefined || replica === undefined) return
    const message = frame.type === "message.created" ? seenMessage(frame.data) : null
    if (replica.addEvent({ seq: frame.seq, message }) === "gap") this.closeGap(frame.room_id)
  }

  private acknowledge(clientId: string, receipt: { id: string; seq: number; duplicate: boolean }) {
    const outgoing = this.outbox.get(clientId)
    if (outgoing === undefined) {
      this.surprises.push(`${clientId} was answered twice`)
      return
    }
    this.outbox.delete(clientId)
    this.acknowledged.set(clientId, receipt)
    this.counts.acknowledged++
    if (receipt.duplicate) this.counts.duplicates++
    if (receipt.duplicate && outgoing.attempts === 1) {
      this.surprises.push(`${clientId} was sent once and called a duplicate`)
    }
    this.fill()
  }

  private catchUp(page: {
    room_id: string
    recovered: boolean
    until: number
    messages: WireMessage[]
    more: boolean
    error?: { code: string }
  }): void {
    const { room_id: roomId, recovered, until, messages, more, error } = page
    if (error !== undefined || !recovered) {
      this.surprises.push(`${roomId}: ${error?.code ?? "could not be resumes"}`)
      return
    }
    const isWhole = this.replicas
      .get(roomId)
      ?.addPage({ until, messages: messages.map(seenMessage), more })
    if (more) this.resume([roomId])
    else if (isWhole === false) this.closeGap(roomId)
  }

  /** "Nothing between" was promised, and one server loses nothing to a bus; it is healed all the same. */
  private closeGap(roomId: string): void {
    this.counts.gaps++
    this.surprises.push(`${roomId}: a live event after ${this.untilOf(roomId)} never came`)
    this.replicas.get(roomId)?.startCatchingUp()
    this.resume([roomId])
  }
}

export const seenMessage = (message: WireMessage): SeenMessage => ({
  id: message.id,
  seq: message.seq,
  userId: message.user_id,
  clientId: message.client_id ?? null,
  content: message.content,
})
