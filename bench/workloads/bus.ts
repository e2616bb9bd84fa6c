import { fileURLToPath } from "node:url"
import type { Workload } from "../bench"
import { type BusOrder, type BusReport, busReportSchema } from "../bus-orders"
import { formatFigure, judge, verdictCells } from "../floor"
import { type Services, startServices } from "../services"
import { median, medianRatio } from "../statistics"

/** As a commit of a busy node gives them, and in all as many as take about a second. */
const perTurn = 50
const messages = 100_000
const answerSecondsMax = 60

type How = "bus" | "bare"

/** Events from one node to another: Parley's bus, and Redis' publish and subscribe by itself. */
export const bus: Workload = {
  name: "bus",
  users: 0,
  measure: async ({ pace }) => {
    await using stack = new AsyncDisposableStack()
    const services = stack.use(await startServices())
    const ours = stack.use(await openPair("bus", services))
    const theirs = stack.use(await openPair("bare", services))
    const rates = { ours: [] as number[], theirs: [] as number[] }
    for (let round = 0; round <= pace.rounds; round++) {
      const bus = await ours.carry()
      const bare = await theirs.carry()
      // The first round warms both up.
      if (round === 0) continue
      rates.ours.push(bus)
      rates.theirs.push(bare)
    }
    const verdict = judge(
      { kind: "at least", bound: 0.5, unit: "x" },
      medianRatio(rates.ours, rates.theirs),
    )
    return {
      title: "The bus: events from one node to another, by Redis",
      method:
        `${messages.toLocaleString("en-US")} events \`message.created\` of ` +
        `${JSON.stringify(event).length} bytes of JSON, ${perTurn} in each turn of the event ` +
        "loop, from one process to another. Bare Bun encodes, publishes and counts; Parley's bus " +
        "also says which node told it, decodes, and hands the event to its receiver.",
      tables: [
        {
          columns: ["how", "events/s", "Parley is", "floor", ""],
          rows: [
            ["Parley's bus", formatFigure(median(rates.ours))],
            ["bare Bun and Redis", formatFigure(median(rates.theirs)), ...verdictCells(verdict)],
          ],
        },
      ],
      verdicts: [verdict],
    }
  },
}

const event = {
  type: "message.created",
  room: { id: "01a1fd00-1852-72c4-b783-86315672464d", numericId: 1 },
  seq: 3,
  message: {
    id: "01a1fd00-2e7d-8000-8000-000040000003",
    numericId: 1_073_741_827,
    roomId: "01a1fd00-1852-72c4-b783-86315672464d",
    seq: 3,
    changedSeq: 3,
    author: {
      id: "01a1fd00-17ed-7506-a907-634f470f514e",
      numericId: 2,
      username: "bob",
      displayName: null,
      avatarUrl: null,
      email: null,
    },
    type: "text",
    content:
      "Hello everybody, sent from the bench: about as long as what people write to each other.",
    clientId: "bench-100000000",
    replyTo: null,
    threadId: null,
    threadCount: 0,
    pinnedAt: null,
    metadata: null,
    extras: null,
    createdAt: 1_795_000_000_000,
    editedAt: null,
    deletedAt: null,
    expiresAt: null,
  },
}

interface Pair extends AsyncDisposable {
  /** Carries all events over; returns how many a second. */
  carry(): Promise<number>
}

async function openPair(how: How, services: Services): Promise<Pair> {
  await using stack = new AsyncDisposableStack()
  const listener = stack.use(await startNode(how, "listener", services))
  const teller = stack.use(await startNode(how, "teller", services))
  const all = stack.move()
  return {
    async carry() {
      await listener.ask({ type: "listen", messages }, "listening")
      const heard = listener.next("heard")
      const startedAt = performance.now()
      teller.send({ type: "tell", event, messages, perTurn })
      await heard
      return (messages * 1000) / (performance.now() - startedAt)
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

async function startNode(how: How, role: "listener" | "teller", { redisUrl }: Services) {
  let waiting: { readonly type: BusReport["type"]; resolve(): void } | undefined
  const child = Bun.spawn({
    cmd: [process.execPath, fileURLToPath(new URL("../peers/bus-node.ts", import.meta.url))],
    env: { ...process.env, HOW: how, ROLE: role, REDIS_URL: redisUrl },
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (report) => {
      if (busReportSchema.parse(report).type === waiting?.type) waiting.resolve()
    },
  })
  const kill = () => child.kill("SIGKILL")
  process.once("exit", kill)

  async function next(type: BusReport["type"]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting = { type, resolve }
    const timeout = setTimeout(
      () => reject(new Error(`the ${role} of "${how}" did not say "${type}"`)),
      answerSecondsMax * 1000,
    )
    try {
      await promise
    } finally {
      clearTimeout(timeout)
    }
  }

  await next("ready")
  return {
    next,
    send: (order: BusOrder) => child.send(order),
    async ask(order: BusOrder, type: BusReport["type"]): Promise<void> {
      const answered = next(type)
      child.send(order)
      await answered
    },
    [Symbol.asyncDispose]: async () => {
      process.off("exit", kill)
      kill()
      await child.exited
    },
  }
}
