/**
 * One of two processes between which events go by Redis. `HOW` is Parley's bus or Redis alone.
 * The one that listens answers when all have come; the other tells as many as it is asked to.
 */
import { RedisClient } from "bun"
import { createLinkedBus } from "../../src/cluster/bus.linked"
import { createRedisLink } from "../../src/cluster/link.redis"
import type { BusMessage } from "../../src/protocol/events"
import { asRoomNumericId } from "../../src/protocol/ids"
import { type BusOrder, type BusReport, busOrderSchema } from "../bus-orders"

const url = process.env.REDIS_URL ?? ""
const channel = "bench:bare"
const room = asRoomNumericId(1)
const untilNextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

let heard = 0
let expected = Number.POSITIVE_INFINITY

function count(): void {
  heard++
  if (heard >= expected) report({ type: "heard" })
}

function report(answer: BusReport): void {
  if (answer.type === "heard") {
    heard = 0
    expected = Number.POSITIVE_INFINITY
  }
  process.send?.(answer)
}

const tell = process.env.HOW === "bus" ? await openBus() : await openBare()

async function openBus() {
  const link = createRedisLink({
    url,
    prefix: "bench",
    onUp: () => undefined,
    onDown: () => undefined,
    onTrouble: () => undefined,
  })
  const bus = createLinkedBus(link)
  if (process.env.ROLE === "listener") bus.subscribe(count)
  await link.open()
  if (process.env.ROLE === "listener") {
    await new Promise<void>((resolve) => {
      bus.onFollowed(() => resolve())
      bus.follow(room)
    })
  }
  return (event: BusMessage) => void bus.publish(event)
}

async function openBare() {
  const client = new RedisClient(url)
  await client.connect()
  if (process.env.ROLE === "listener") await client.subscribe(channel, count)
  return (event: BusMessage) => void client.publish(channel, JSON.stringify(event))
}

/** As many in one turn of the event loop as one commit would give. */
async function tellAll({ event, messages, perTurn }: Extract<BusOrder, { type: "tell" }>) {
  // What one side would encode once and the other each time would not be compared.
  const message = event as BusMessage
  for (let told = 0; told < messages; told += perTurn) {
    for (let one = 0; one < perTurn; one++) tell(message)
    await untilNextTurn()
  }
}

process.on("message", async (order: unknown) => {
  const it = busOrderSchema.parse(order)
  if (it.type === "tell") await tellAll(it)
  else {
    expected = it.messages
    report({ type: "listening" })
  }
})
process.on("disconnect", () => process.exit(0))
report({ type: "ready" })
