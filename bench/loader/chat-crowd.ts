import { ChatConnection } from "./chat-connection"
import { nowMicros } from "./clock"
import { MessageBatch } from "./message-batch"
import type { LoadOrder, LoadResult, Order } from "./orders"
import { Tally } from "./tally"

type ConnectOrder = Extract<Order, { type: "connect" }>
type ClosedLoop = Extract<LoadOrder, { type: "closed-loop" }>
type OpenLoop = Extract<LoadOrder, { type: "open-loop" }>

const handshakesMax = 128

// Nine digits without a leading zero, since JSON knows no number that starts with one.
const firstMessageNumber = 100_000_000

/** All connections to one server, and the loads they can put on it. */
export class ChatCrowd {
  readonly #tally = new Tally()
  readonly #connections: ChatConnection[] = []
  #nextNumber = firstMessageNumber

  /** Opens connections beside those already there; resolves when every one of them is ready. */
  async connect({ port, marks, groups }: ConnectOrder): Promise<void> {
    const waiting = groups.flatMap((group) =>
      Array.from(
        { length: group.count },
        () => new ChatConnection({ port, group, marks, tally: this.#tally }),
      ),
    )
    this.#connections.push(...waiting)
    const queue = waiting.values()
    const workers = Array.from({ length: handshakesMax }, () => openEach(queue))
    await Promise.all(workers)
  }

  /**
   * Every sender sends its outstanding messages in one write; the next round starts when every
   * delivery and acknowledgement of this one is there. Ends with the round that is under way.
   */
  async closedLoop(order: ClosedLoop): Promise<LoadResult> {
    const senders = this.#senders(order.outstanding)
    return await this.#measure(async () => {
      let messages = 0
      const endMicros = nowMicros() + order.seconds * 1_000_000
      while (nowMicros() < endMicros) {
        const goal = this.#goalAfter(senders.length * order.outstanding, order)
        for (const sender of senders) this.#send(sender, order.outstanding)
        messages += senders.length * order.outstanding
        await this.#tally.reach(goal.deliveries, goal.acks)
      }
      return messages
    })
  }

  /** One sender after the other sends at a fixed pace, however long the server takes. */
  async openLoop(order: OpenLoop): Promise<LoadResult> {
    const senders = this.#senders(1)
    const messages = Math.ceil(order.seconds * order.messagesPerSecond)
    const goal = this.#goalAfter(messages, order)
    return await this.#measure(async () => {
      const startMicros = nowMicros()
      for (let sent = 0; sent < messages; sent++) {
        const dueMicros = startMicros + (sent / order.messagesPerSecond) * 1_000_000
        const waitMicros = dueMicros - nowMicros()
        if (waitMicros > 0) await Bun.sleep(waitMicros / 1000)
        const sender = senders[sent % senders.length]
        if (sender) this.#send(sender, 1)
      }
      await this.#tally.reach(goal.deliveries, goal.acks)
      return messages
    })
  }

  #senders(copies: number): Sender[] {
    return this.#connections.flatMap((connection) => {
      const template = connection.group.message
      return template ? [{ connection, batch: new MessageBatch(template, copies) }] : []
    })
  }

  #send({ connection, batch }: Sender, copies: number): void {
    batch.stamp(nowMicros(), this.#nextNumber)
    this.#nextNumber += copies
    connection.send(batch.bytes)
  }

  #goalAfter(messages: number, order: ClosedLoop | OpenLoop) {
    return {
      deliveries: this.#tally.deliveries + messages * order.deliveriesPerMessage,
      acks: this.#tally.acks + messages * order.acksPerMessage,
    }
  }

  async #measure(load: () => Promise<number>): Promise<LoadResult> {
    const tally = this.#tally
    tally.latency.clear()
    const deliveriesBefore = tally.deliveries
    const cpuBefore = process.cpuUsage()
    const startMicros = nowMicros()
    const messages = await load()
    const seconds = (nowMicros() - startMicros) / 1_000_000
    const cpu = process.cpuUsage(cpuBefore)
    return {
      seconds,
      messages,
      deliveries: tally.deliveries - deliveriesBefore,
      latency: tally.latency.summary(),
      eventBytes: tally.eventBytes,
      loaderCpuSeconds: (cpu.user + cpu.system) / 1_000_000,
    }
  }
}

type Sender = { readonly connection: ChatConnection; readonly batch: MessageBatch }

async function openEach(queue: Iterator<ChatConnection>): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) await next.value.open()
}
