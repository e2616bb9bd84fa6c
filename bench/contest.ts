import type { LoadGenerator } from "./load-generator"
import type { LoadOrder } from "./loader/orders"
import { cpuSecondsOf } from "./process-usage"

/** One server with a load generator of its own, ready to be put under load. */
export interface Contender {
  readonly name: string
  readonly pid: number
  readonly load: LoadGenerator
}

/** What one contender did in one round. Latencies are milliseconds; `busy` is 1 for one core. */
export interface Round {
  readonly messagesPerSecond: number
  readonly deliveriesPerSecond: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly cpuMicrosPerDelivery: number
  readonly serverBusy: number
  readonly loaderBusy: number
  readonly eventBytes: number
}

export async function playRound({ pid, load }: Contender, order: LoadOrder): Promise<Round> {
  const cpuBefore = cpuSecondsOf(pid)
  const result = await load.load(order)
  const cpuSeconds = cpuSecondsOf(pid) - cpuBefore
  return {
    messagesPerSecond: result.messages / result.seconds,
    deliveriesPerSecond: result.deliveries / result.seconds,
    ...result.latency,
    cpuMicrosPerDelivery: (cpuSeconds * 1_000_000) / result.deliveries,
    serverBusy: cpuSeconds / result.seconds,
    loaderBusy: result.loaderCpuSeconds / result.seconds,
    eventBytes: result.eventBytes,
  }
}

/**
 * Lets the contenders take turns, backwards in every second round, so that neither a slow spell
 * of the machine nor the place in the order favours one. Returns each contender's rounds.
 */
export async function alternate<C extends Contender>(
  contenders: readonly C[],
  rounds: number,
  orderFor: (contender: C) => LoadOrder,
): Promise<Round[][]> {
  const played = contenders.map((contender) => {
    const rounds: Round[] = []
    return { contender, rounds }
  })
  for (let round = 0; round < rounds; round++) {
    for (const turn of round % 2 === 0 ? played : played.toReversed()) {
      turn.rounds.push(await playRound(turn.contender, orderFor(turn.contender)))
    }
  }
  return played.map((turn) => turn.rounds)
}
