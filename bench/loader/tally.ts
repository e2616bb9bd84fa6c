import { LatencyHistogram } from "./latency-histogram"

const stallSecondsMax = 5

/**
 * Counts what all connections of one load generator have received, and wakes the sender when
 * the counts it waits for are reached. Counts only grow; a load works with differences.
 */
export class Tally {
  readonly latency = new LatencyHistogram()
  deliveries = 0
  acks = 0
  /** Payload bytes of the last event that was sampled. */
  eventBytes = 0
  #goal = { deliveries: 0, acks: 0 }
  #waiting: PromiseWithResolvers<void> | undefined
  #failure: Error | undefined

  /**
   * Resolves when this many deliveries and acknowledgements have arrived in all. Rejects when a
   * connection failed, or when nothing more has come for five seconds.
   */
  async reach(deliveries: number, acks: number): Promise<void> {
    if (this.#failure) throw this.#failure
    this.#goal = { deliveries, acks }
    if (this.#isReached()) return
    this.#waiting = Promise.withResolvers()
    const watch = this.#watchForStall()
    try {
      await this.#waiting.promise
    } finally {
      clearInterval(watch)
      this.#waiting = undefined
    }
  }

  /** To be called once a chunk, not once a frame. */
  wakeWhenReached(): void {
    if (this.#waiting && this.#isReached()) this.#waiting.resolve()
  }

  /** Ends the load: a connection that closed or was refused makes its figures meaningless. */
  fail(reason: string): void {
    this.#failure ??= new Error(reason)
    this.#waiting?.reject(this.#failure)
  }

  #isReached(): boolean {
    return this.deliveries >= this.#goal.deliveries && this.acks >= this.#goal.acks
  }

  #watchForStall(): NodeJS.Timeout {
    let last = -1
    return setInterval(() => {
      const now = this.deliveries + this.acks
      if (now === last) this.fail(`stalled: ${this.#describeShortfall()}`)
      last = now
    }, stallSecondsMax * 1000)
  }

  #describeShortfall(): string {
    const deliveries = this.#goal.deliveries - this.deliveries
    const acks = this.#goal.acks - this.acks
    return `${deliveries} deliveries and ${acks} acknowledgements have not come`
  }
}
