import { ERROR_CODES, type ErrorCode } from "../protocol/errors"
import { createHistogram, type Histogram } from "./histogram"

/** What is counted of one way into the chat: REST, or a wire protocol. */
export interface EdgeMeter {
  readonly edge: string
  /** Open now. */
  connections: number
  readonly connectionSeconds: Histogram
  /** Messages that were stored. */
  messages: number
  readonly errors: Record<ErrorCode, number>
}

/** What is counted of one route and method. */
export interface RouteMeter {
  readonly route: string
  readonly method: string
  /** How many answers had a status of 1xx, 2xx and so on: the first is for 0xx, and stays 0. */
  readonly answers: Float64Array
  readonly seconds: Histogram
}

const CONNECTION_SECONDS = [1, 10, 60, 300, 1_800, 3_600, 6 * 3_600, 24 * 3_600]
const BATCH_SIZES = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500]
const BATCH_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1]
const REPAIR_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const REQUEST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/**
 * The numbers behind `/metrics`. They are plain fields that whoever has something to count
 * counts up, on the path of every message; names, labels and text are made when they are read.
 */
export function createMeters() {
  const edges = new Map<string, EdgeMeter>()
  const routes = new Map<string, Map<string, RouteMeter>>()
  const batchSizes = createHistogram(BATCH_SIZES)
  const batchSeconds = createHistogram(BATCH_SECONDS)

  /** The edge of this name; always the same one, so it may be kept. */
  function edge(name: string): EdgeMeter {
    const known = edges.get(name)
    if (known !== undefined) return known
    const made: EdgeMeter = {
      edge: name,
      connections: 0,
      connectionSeconds: createHistogram(CONNECTION_SECONDS),
      messages: 0,
      errors: noErrors(),
    }
    edges.set(name, made)
    return made
  }

  /** `route` and `method` must come from a list of ours: each pair is kept for ever. */
  function route(pattern: string, method: string): RouteMeter {
    let byMethod = routes.get(pattern)
    if (byMethod === undefined) {
      byMethod = new Map()
      routes.set(pattern, byMethod)
    }
    let meter = byMethod.get(method)
    if (meter === undefined) {
      meter = {
        route: pattern,
        method,
        answers: new Float64Array(6),
        seconds: createHistogram(REQUEST_SECONDS),
      }
      byMethod.set(method, meter)
    }
    return meter
  }

  return {
    /** Events that were handed to sockets: for each event as many as listened. */
    deliveries: 0,
    edge,
    route,
    /** A commit has ended, of so many writes. */
    batch(size: number, milliseconds: number): void {
      batchSizes.observe(size)
      batchSeconds.observe(milliseconds / 1000)
    },
    batchSizes,
    batchSeconds,
    /** How rooms' events come to be told in order, on a node that is not alone. */
    order: {
      held: 0,
      repairs: 0,
      repaired: 0,
      doubles: 0,
      repairSeconds: createHistogram(REPAIR_SECONDS),
      reconcileSeconds: createHistogram(REPAIR_SECONDS),
    },
    /** Pages looked at for link previews, by how that ended. */
    previews: { described: 0, empty: 0, refused: 0, crowded: 0, failed: 0, dropped: 0 },
    edges: (): readonly EdgeMeter[] => [...edges.values()],
    routes: (): readonly RouteMeter[] =>
      [...routes.values()].flatMap((byMethod) => [...byMethod.values()]),
    messages(): number {
      let sum = 0
      for (const { messages } of edges.values()) sum += messages
      return sum
    },
  }
}

function noErrors(): Record<ErrorCode, number> {
  // Every code of the table is a key: that is what the type says.
  return Object.fromEntries(ERROR_CODES.map((code) => [code, 0])) as Record<ErrorCode, number>
}

/** A request of this route was answered. */
export function countAnswer(meter: RouteMeter, status: number, seconds: number): void {
  const firstDigit = Math.floor(status / 100)
  meter.answers[firstDigit] = (meter.answers[firstDigit] ?? 0) + 1
  meter.seconds.observe(seconds)
}

export type Meters = ReturnType<typeof createMeters>
