import { fileURLToPath } from "node:url"
import {
  type Answer,
  answerSchema,
  type ConnectionGroup,
  type FrameMarks,
  type LoadOrder,
  type LoadResult,
  type Order,
} from "./loader/orders"

const answerSecondsMax = 60

/** The bench's end of one load generator process. One order at a time. */
export interface LoadGenerator extends AsyncDisposable {
  connect(target: ConnectTarget): Promise<void>
  load(order: LoadOrder): Promise<LoadResult>
}

interface ConnectTarget {
  readonly port: number
  readonly marks: FrameMarks
  readonly groups: ConnectionGroup[]
}

/** Starts a load generator. An order that fails or takes over a minute rejects. */
export function startLoadGenerator(): LoadGenerator {
  let answered = Promise.withResolvers<Answer>()
  const child = Bun.spawn({
    cmd: [process.execPath, fileURLToPath(new URL("loader/main.ts", import.meta.url))],
    // Giving memory back to the kernel between two reads would cost it a tenth of its time.
    env: { ...process.env, MIMALLOC_PURGE_DELAY: "-1" },
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => answered.resolve(answerSchema.parse(message)),
    onExit: () => answered.resolve({ type: "failed", reason: "the load generator has died" }),
  })
  const kill = () => child.kill("SIGKILL")
  process.once("exit", kill)

  async function ask(order: Order): Promise<Answer> {
    answered = Promise.withResolvers()
    const timeout = setTimeout(
      () => answered.resolve({ type: "failed", reason: `no answer to "${order.type}"` }),
      answerSecondsMax * 1000,
    )
    child.send(order)
    const answer = await answered.promise
    clearTimeout(timeout)
    if (answer.type === "failed") throw new Error(answer.reason)
    return answer
  }

  return {
    connect: async (target) => {
      await ask({ type: "connect", ...target })
    },
    load: async (order) => {
      const answer = await ask(order)
      if (answer.type !== "loaded") throw new Error(`a load was answered with ${answer.type}`)
      return answer.result
    },
    [Symbol.asyncDispose]: async () => {
      process.off("exit", kill)
      kill()
      await child.exited
    },
  }
}
