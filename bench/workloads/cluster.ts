import type { Pace, Workload } from "../bench"
import { startCluster } from "../cluster"
import { alternate, type Contender, playRound, type Round } from "../contest"
import { formatFigure, judge, verdictCells } from "../floor"
import { startLoadGenerator } from "../load-generator"
import type { LoadOrder } from "../loader/orders"
import { native } from "../protocols"
import { type Services, startServices } from "../services"
import { median, medianRatio } from "../statistics"

const users = 32
const messagesPerSecond = 1_000
const warmUpSeconds = 2

/** One room whose members are on two nodes: how much later they hear each other than on one. */
export const cluster: Workload = {
  name: "cluster",
  users: 0,
  measure: async ({ folder, pace }) => {
    await using stack = new AsyncDisposableStack()
    const services = stack.use(await startServices())
    const contenders: Contender[] = []
    for (const nodes of [1, 2]) contenders.push(await take(stack, { services, nodes, folder }))
    for (const contender of contenders) await playRound(contender, order(warmUpSeconds))
    const [one = [], two = []] = await alternate(contenders, pace.rounds, () =>
      order(secondsOf(pace)),
    )
    const ratio = medianRatio(tails(two), tails(one))
    const verdict = judge({ kind: "at most", bound: 3, unit: "x" }, ratio)
    return {
      title: "A cluster: one room, 32 members on two nodes, 1,000 messages/s",
      method:
        "Nodes of the same build, each cluster with a Postgres database of its own " +
        "(`fsync` and `synchronous_commit` on) and both with one Redis. All 32 send in an open " +
        "loop; every message is stored, acknowledged and delivered to all 32, half of them on " +
        "the other node. Nodes, Postgres, Redis and load share the machine's cores.",
      tables: [
        {
          columns: ["nodes", "p50 ms", "p90 ms", "p99 ms", "p99 is", "floor", ""],
          rows: [figures("one", one), [...figures("two", two), ...verdictCells(verdict)]],
        },
      ],
      verdicts: [verdict],
    }
  },
}

interface Taking {
  readonly services: Services
  readonly nodes: number
  readonly folder: string
}

/** A cluster with all seats taken. */
async function take(
  stack: AsyncDisposableStack,
  { services, nodes, folder }: Taking,
): Promise<Contender> {
  const databaseUrl = await services.freshDatabase()
  const { redisUrl } = services
  const started = stack.use(await startCluster({ databaseUrl, redisUrl, nodes, folder }))
  const load = stack.use(startLoadGenerator())
  for (const seats of await started.seat(users))
    await load.connect({ marks: native.marks, ...seats })
  return { name: `${nodes}`, pid: started.nodes[0]?.pid ?? 0, load }
}

const order = (seconds: number): LoadOrder => ({
  type: "open-loop",
  seconds,
  messagesPerSecond,
  deliveriesPerMessage: users,
  acksPerMessage: native.acksPerMessage,
})

/** A percentile needs its time. */
const secondsOf = ({ secondsPerRound }: Pace): number => secondsPerRound * 2

const tails = (rounds: readonly Round[]): number[] => rounds.map(({ p99 }) => p99)

function figures(name: string, rounds: readonly Round[]): string[] {
  const middle = (figure: "p50" | "p90" | "p99") =>
    formatFigure(median(rounds.map((round) => round[figure])))
  return [name, middle("p50"), middle("p90"), middle("p99")]
}
