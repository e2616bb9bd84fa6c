import type { Person } from "../support/people"
import type { ClientStory } from "./check"
import type { Stream } from "./check-live"
import { Outbox, type Outgoing, type Receipt } from "./outbox"
import { Replica } from "./replica"
import { seenMessage, type WireError, type WirePage } from "./wire"

export interface NemesisClientOptions {
  readonly person: Person
  readonly rooms: readonly { readonly id: string; readonly epoch: string }[]
  /** Where to connect, asked at each try: a server that starts again takes another port. */
  readonly address: () => string
  /** Sends that are kept unanswered at any time. */
  readonly outstanding: number
  /** How long it stays away when it is cut off. */
  readonly reconnectMs: number
  /** What happens to it that others look at too. */
  readonly watch?: ClientWatch
  /** How it bears with a cluster; without it, any refusal is a surprise and it waits for ever. */
  readonly patience?: Patience
}

export interface Patience {
  /** Refusals after which it tries again. */
  readonly forgives: readonly string[]
  /** It goes elsewhere when an answer takes longer. Infinity: it stays. */
  readonly answerWithinMs: number
  readonly connectWithinMs: number
  /** Between two bursts of sends. */
  readonly paceMs: number
}

export interface ClientWatch {
  acknowledged(id: string, node: string): void
  /** Came live, on a connection that has been open since then. */
  heardLive(id: string, node: string, openSince: number): void
}

interface Connection {
  readonly ws: WebSocket
  readonly node: string
  readonly triedAt: number
  /** Null: not yet open. */
  openSince: number | null
  /** By room, what came live. */
  readonly live: Map<string, number[]>
}

const WATCH_EVERY_MS = 250
const RETRY_MS = 200

/**
 * A client that obeys the contract and nothing more: it pipelines sends, reconnects whenever it
 * is cut off, resumes from what it has, and sends what was never acknowledged once more under
 * the same `client_id`.
 */
export class NemesisClient {
  /** What came live, by connection and room. */
  readonly streams: Stream[] = []
  private readonly strange: string[] = []
  private readonly tally = { gaps: 0, resumes: 0, disconnects: 0, departures: 0 }
  private readonly replicas: ReadonlyMap<string, Replica>
  private readonly epochs: ReadonlyMap<string, string>
  private readonly outbox: Outbox
  private readonly timers: Timer[] = []
  private connection: Connection | null = null
  private isSending = true
  private isClosed = false

  constructor(private readonly options: NemesisClientOptions) {
    const { rooms, person, patience } = options
    this.replicas = new Map(rooms.map(({ id }) => [id, new Replica()]))
    this.epochs = new Map(rooms.map(({ id, epoch }) => [id, epoch]))
    this.outbox = new Outbox(
      person.name,
      rooms.map(({ id }) => id),
    )
    if (patience !== undefined) {
      this.timers.push(setInterval(() => this.lookAtWatch(patience), WATCH_EVERY_MS))
      this.timers.push(setInterval(() => this.fill(), patience.paceMs))
    }
    this.connect()
  }

  /** Sends nothing new; what is unanswered is still seen through. */
  stopSending(): void {
    this.isSending = false
  }

  startSending(): void {
    this.isSending = true
  }

  /** Leaves where it is, and connects wherever `address` says now. */
  move(): void {
    if (this.connection !== null) this.leave(this.connection)
  }

  close(): void {
    this.isClosed = true
    for (const timer of this.timers) clearInterval(timer)
    this.connection?.ws.close()
  }

  get name(): string {
    return this.options.person.name
  }

  get counts() {
    return { ...this.tally, ...this.outbox.counts }
  }

  get unanswered(): number {
    return this.outbox.size
  }

  /** Where it is connected. */
  get node(): string | null {
    return this.connection?.openSince == null ? null : this.connection.node
  }

  /** It is connected, and knows all that came before what it hears. */
  get isLive(): boolean {
    return this.node !== null && [...this.replicas.values()].every(({ isLive }) => isLive)
  }

  /** The last seq of the room up to which everything is known. */
  untilOf(roomId: string): number {
    return this.replicas.get(roomId)?.until ?? 0
  }

  /** The highest seq of the room that was acknowledged to it. */
  acknowledgedIn(roomId: string): number {
    return this.outbox.highestIn(roomId)
  }

  get story(): ClientStory {
    return {
      userId: this.options.person.id,
      sent: this.outbox.story,
      seen: new Map([...this.replicas].map(([id, replica]) => [id, replica.messages])),
    }
  }

  /** What it was told that it must never be. */
  get surprises(): readonly string[] {
    return [...this.strange, ...this.outbox.surprises]
  }

  private connect(): void {
    if (this.isClosed) return
    const { address, person } = this.options
    const node = address()
    const ws = new WebSocket(`${node.replace("http", "ws")}/api/v1/ws`, {
      headers: { authorization: `Bearer ${person.token}` },
    })
    const triedAt = performance.now()
    const connection: Connection = { ws, node, triedAt, openSince: null, live: new Map() }
    this.connection = connection
    ws.onmessage = ({ data }) => {
      if (this.connection === connection) this.hear(JSON.parse(String(data)), connection)
    }
    ws.onopen = () => {
      if (this.connection !== connection) return
      connection.openSince = performance.now()
      this.resume([...this.replicas.keys()])
      // Not waiting for what was missed: retries and new sends race with the catching up.
      for (const outgoing of this.outbox.unanswered) this.post(outgoing)
      this.fill()
    }
    ws.onclose = () => {
      if (this.connection === connection && connection.openSince !== null) this.tally.disconnects++
      this.lose(connection)
    }
  }

  private lose(connection: Connection): void {
    if (this.connection !== connection) return
    this.connection = null
    for (const replica of this.replicas.values()) replica.startCatchingUp()
    setTimeout(() => this.connect(), this.options.reconnectMs)
  }

  /** Goes away from a server that may still do what it was asked to, whenever it wakes up. */
  private leave(connection: Connection): void {
    this.tally.departures++
    this.outbox.doubt()
    this.lose(connection)
    connection.ws.terminate()
  }

  private lookAtWatch({ answerWithinMs, connectWithinMs }: Patience): void {
    const { connection } = this
    if (connection === null) return
    const now = performance.now()
    const { triedAt, openSince } = connection
    const [oldest] = this.outbox.unanswered
    const isLate =
      openSince === null
        ? now - triedAt > connectWithinMs
        : now - Math.max(oldest?.postedAt ?? now, openSince) > answerWithinMs
    if (isLate) this.leave(connection)
  }

  private resume(roomIds: readonly string[]): void {
    this.tally.resumes++
    const rooms = roomIds.map((id) => ({
      room_id: id,
      epoch: this.epochs.get(id),
      since: this.untilOf(id),
    }))
    this.connection?.ws.send(JSON.stringify({ type: "subscribe", id: 0, data: { rooms } }))
  }

  private fill(): void {
    while (this.isSending && this.node !== null && this.outbox.size < this.options.outstanding) {
      this.post(this.outbox.write())
    }
  }

  private post(outgoing: Outgoing): void {
    const { roomId, clientId, content } = outgoing
    this.outbox.posted(outgoing)
    const data = { room_id: roomId, content, client_id: clientId }
    this.connection?.ws.send(JSON.stringify({ type: "message.send", id: clientId, data }))
  }

  // biome-ignore lint/suspicious/noExplicitAny: what is not as expected fails the check.
  private hear(frame: any, connection: Connection): void {
    if (frame.type === "ok") {
      if (frame.id === 0) for (const page of frame.data.rooms) this.catchUp(page)
      else this.acknowledge(frame.id, frame.data, connection)
      return
    }
    if (frame.type === "error") {
      this.bear(frame.id, frame.data)
      return
    }
    const replica = this.replicas.get(frame.room_id)
    if (frame.seq === undefined || replica === undefined) return
    this.liveIn(frame.room_id, connection).push(frame.seq)
    const message = frame.type === "message.created" ? seenMessage(frame.data) : null
    const { watch } = this.options
    if (message !== null) watch?.heardLive(message.id, connection.node, connection.openSince ?? 0)
    if (replica.addEvent({ seq: frame.seq, message }) === "gap") this.closeGap(frame.room_id)
  }

  private liveIn(roomId: string, { node, live }: Connection): number[] {
    const known = live.get(roomId)
    if (known !== undefined) return known
    const seqs: number[] = []
    live.set(roomId, seqs)
    this.streams.push({ userId: this.options.person.id, roomId, node, seqs })
    return seqs
  }

  /** What was refused for now is tried again; any other refusal is a surprise. */
  private bear(
    id: unknown,
    { code, message, retry_after_ms: afterMs = RETRY_MS }: WireError,
  ): void {
    if (!this.forgives(code)) {
      this.strange.push(`${id}: ${code} ${message}`)
      return
    }
    if (id === 0) {
      this.later(afterMs, () => this.resume([...this.replicas.keys()]))
      return
    }
    const outgoing = this.outbox.refused(String(id))
    if (outgoing === null) return
    // Who refuses is there: nobody is late before the next try.
    outgoing.postedAt = performance.now() + afterMs
    this.later(afterMs, () => {
      if (this.outbox.isWaiting(outgoing)) this.post(outgoing)
    })
  }

  private forgives(code: string): boolean {
    return this.options.patience?.forgives.includes(code) === true
  }

  /** Unless it is on another connection by then. */
  private later(afterMs: number, act: () => void): void {
    const { connection } = this
    setTimeout(() => {
      if (this.connection === connection) act()
    }, afterMs)
  }

  private acknowledge(clientId: string, receipt: Receipt, { node }: Connection): void {
    if (!this.outbox.acknowledged(clientId, receipt)) return
    this.options.watch?.acknowledged(receipt.id, node)
    if (this.options.patience === undefined) this.fill()
  }

  private catchUp({ room_id: roomId, recovered, until, messages, more, error }: WirePage): void {
    if (error !== undefined && this.forgives(error.code)) {
      this.later(RETRY_MS, () => this.resume([roomId]))
      return
    }
    if (error !== undefined || !recovered) {
      this.strange.push(`${roomId}: ${error?.code ?? "could not be resumed"}`)
      return
    }
    const isWhole = this.replicas
      .get(roomId)
      ?.addPage({ until, messages: messages.map(seenMessage), more })
    if (more) this.resume([roomId])
    else if (isWhole === false) this.closeGap(roomId)
  }

  /**
   * One server leaves nothing out. One of many may, of what is in no record any more: the check
   * finds out whether it was that.
   */
  private closeGap(roomId: string): void {
    this.tally.gaps++
    if (this.options.patience === undefined) {
      this.strange.push(`${roomId}: a live event after ${this.untilOf(roomId)} never came`)
    }
    this.replicas.get(roomId)?.startCatchingUp()
    this.resume([roomId])
  }
}
