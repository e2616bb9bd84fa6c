import type { Metric } from "prom-client"
import type { Histogram } from "./histogram"
import type { Meters } from "./meters"

export interface MetricsDeps {
  readonly meters: Meters
  readonly messagesPerSecond: () => number
  /** Who is there, on any node: users online, and rooms with somebody in them. */
  readonly present: () => { readonly users: number; readonly rooms: number }
  /** The same of this node alone. */
  readonly presentHere: () => { readonly users: number; readonly rooms: number }
  readonly version: string
  /** Messages that cannot be found by their words yet. */
  readonly countSearchBehind: () => number
  /** What is between this server and others; without it, there are none. */
  readonly linkState?: (() => LinkState) | undefined
}

export interface LinkState {
  readonly isUp: boolean
  /** Other nodes that are alive. */
  readonly others: number
  /** Words, beats included. */
  readonly told: number
  readonly heard: number
  readonly dropped: number
  readonly malformed: number
  readonly reconnections: number
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
  /** Of histograms, whose samples bear more than one name. */
  readonly metricName?: string
}

interface Definition {
  readonly type: "counter" | "gauge" | "histogram"
  readonly help: string
  /** Their values come from lists of ours: never from what somebody sent. */
  readonly labels: readonly string[]
  collect(deps: MetricsDeps, name: string): readonly Sample[]
}

/** All metrics of ours, from which docs/operations.md is checked. */
export const METRICS: Readonly<Record<string, Definition>> = {
  parley_build_info: {
    type: "gauge",
    help: "Always 1; which version runs, on which Bun.",
    labels: ["version", "bun"],
    collect: ({ version }) => [{ labels: { version, bun: Bun.version }, value: 1 }],
  },
  parley_connections: {
    type: "gauge",
    help: "Open sockets.",
    labels: ["protocol"],
    collect: ({ meters }) =>
      protocols(meters).map((it) => ({ labels: { protocol: it.edge }, value: it.connections })),
  },
  parley_connection_duration_seconds: {
    type: "histogram",
    help: "How long sockets that have closed were open.",
    labels: ["protocol"],
    collect: ({ meters }, name) =>
      protocols(meters).flatMap((it) => spread(name, it.connectionSeconds, { protocol: it.edge })),
  },
  parley_messages_total: {
    type: "counter",
    help: "Messages stored, without repeated sends of the same one.",
    labels: ["edge"],
    collect: ({ meters }) =>
      meters.edges().map((it) => ({ labels: { edge: it.edge }, value: it.messages })),
  },
  parley_messages_per_second: {
    type: "gauge",
    help: "Messages stored per second, over the last ten seconds.",
    labels: [],
    collect: ({ messagesPerSecond }) => [{ value: messagesPerSecond() }],
  },
  parley_deliveries_total: {
    type: "counter",
    help: "Events handed to sockets: for each event as many as listened.",
    labels: [],
    collect: ({ meters }) => [{ value: meters.deliveries }],
  },
  parley_rooms_occupied: {
    type: "gauge",
    help: "Rooms that somebody listens to on any node; all nodes say the same.",
    labels: [],
    collect: ({ present }) => [{ value: present().rooms }],
  },
  parley_node_rooms_occupied: {
    type: "gauge",
    help: "Rooms that somebody listens to on this node.",
    labels: [],
    collect: ({ presentHere }) => [{ value: presentHere().rooms }],
  },
  parley_users_online: {
    type: "gauge",
    help: "Users with an open connection to any node; all nodes say the same.",
    labels: [],
    collect: ({ present }) => [{ value: present().users }],
  },
  parley_node_users_online: {
    type: "gauge",
    help: "Users with an open connection to this node.",
    labels: [],
    collect: ({ presentHere }) => [{ value: presentHere().users }],
  },
  parley_errors_total: {
    type: "counter",
    help: "Refusals and failures that clients were told, by their code.",
    labels: ["edge", "code"],
    collect: ({ meters }) =>
      meters
        .edges()
        .flatMap(({ edge, errors }) =>
          Object.entries(errors).map(([code, value]) => ({ labels: { edge, code }, value })),
        ),
  },
  parley_commit_batch_size: {
    type: "histogram",
    help: "Writes that shared one commit.",
    labels: [],
    collect: ({ meters }, name) => spread(name, meters.batchSizes, {}),
  },
  parley_commit_duration_seconds: {
    type: "histogram",
    help: "How long commits took, from the first statement to the disk.",
    labels: [],
    collect: ({ meters }, name) => spread(name, meters.batchSeconds, {}),
  },
  parley_previews_total: {
    type: "counter",
    help: "Pages looked at for link previews, by how that ended.",
    labels: ["outcome"],
    collect: ({ meters }) =>
      Object.entries(meters.previews).map(([outcome, value]) => ({ labels: { outcome }, value })),
  },
  parley_search_behind: {
    type: "gauge",
    help: "Messages that are not in the index of words yet, as far as this node knows.",
    labels: [],
    collect: ({ countSearchBehind }) => [{ value: countSearchBehind() }],
  },
  parley_order_held_total: {
    type: "counter",
    help: "Events held back because they came before an earlier one of their room.",
    labels: [],
    collect: ({ meters }) => [{ value: meters.order.held }],
  },
  parley_order_doubles_total: {
    type: "counter",
    help: "Events dropped because they had been told before.",
    labels: [],
    collect: ({ meters }) => [{ value: meters.order.doubles }],
  },
  parley_order_repairs_total: {
    type: "counter",
    help: "Times that what a room missed was read from the database.",
    labels: [],
    collect: ({ meters }) => [{ value: meters.order.repairs }],
  },
  parley_order_repaired_events_total: {
    type: "counter",
    help: "Events told from the database because other nodes' words of them did not come.",
    labels: [],
    collect: ({ meters }) => [{ value: meters.order.repaired }],
  },
  parley_order_repair_duration_seconds: {
    type: "histogram",
    help: "How long it took to read and tell what a room missed.",
    labels: [],
    collect: ({ meters }, name) => spread(name, meters.order.repairSeconds, {}),
  },
  parley_reconcile_duration_seconds: {
    type: "histogram",
    help: "How long it took to compare all rooms that somebody listens to with the database.",
    labels: [],
    collect: ({ meters }, name) => spread(name, meters.order.reconcileSeconds, {}),
  },
  parley_http_requests_total: {
    type: "counter",
    help: "HTTP requests answered, upgrades included; not GET /health.",
    labels: ["route", "method", "status"],
    collect: ({ meters }) =>
      meters
        .routes()
        .flatMap(({ route, method, answers }) =>
          [...answers.entries()]
            .filter(([, value]) => value > 0)
            .map(([digit, value]) => ({ labels: { route, method, status: `${digit}xx` }, value })),
        ),
  },
  parley_http_request_duration_seconds: {
    type: "histogram",
    help: "How long HTTP requests took, until their answer was ready.",
    labels: ["route", "method"],
    collect: ({ meters }, name) =>
      meters
        .routes()
        .flatMap(({ route, method, seconds }) => spread(name, seconds, { route, method })),
  },
  parley_link_up: {
    type: "gauge",
    help: "1: what is told to other nodes gets through.",
    labels: [],
    collect: ({ linkState }) => (linkState ? [{ value: linkState().isUp ? 1 : 0 }] : []),
  },
  parley_link_nodes: {
    type: "gauge",
    help: "Other nodes that are alive.",
    labels: [],
    collect: ({ linkState }) => (linkState ? [{ value: linkState().others }] : []),
  },
  parley_link_words_total: {
    type: "counter",
    help: "Words between nodes: told, heard, dropped, malformed.",
    labels: ["fate"],
    collect: ({ linkState }) => (linkState ? fates(linkState()) : []),
  },
  parley_link_reconnections_total: {
    type: "counter",
    help: "How often Redis was there again after it was away.",
    labels: [],
    collect: ({ linkState }) => (linkState ? [{ value: linkState().reconnections }] : []),
  },
}

const fates = (state: LinkState): readonly Sample[] =>
  (["told", "heard", "dropped", "malformed"] as const).map((fate) => ({
    labels: { fate },
    value: state[fate],
  }))

/**
 * Those of prom-client's own that tell the truth under Bun, under the names that dashboards
 * know. Left out are the ones that always read 0 here (`nodejs_eventloop_lag_seconds`, handles),
 * speak of Node's insides, or are no number before the first look at the event loop.
 */
export const PROCESS_METRICS = [
  "process_cpu_user_seconds_total",
  "process_cpu_system_seconds_total",
  "process_cpu_seconds_total",
  "process_start_time_seconds",
  "process_resident_memory_bytes",
  "process_open_fds",
  "process_max_fds",
  "nodejs_heap_size_total_bytes",
  "nodejs_heap_size_used_bytes",
  "nodejs_external_memory_bytes",
  "nodejs_eventloop_lag_max_seconds",
  "nodejs_eventloop_lag_p50_seconds",
  "nodejs_eventloop_lag_p90_seconds",
  "nodejs_eventloop_lag_p99_seconds",
] as const

export interface Scrape {
  readonly contentType: string
  readonly text: string
}

/** Gives all metrics in Prometheus' text format. */
export function createMetrics(deps: MetricsDeps) {
  let loaded: ReturnType<typeof load> | undefined

  return async function scrape(): Promise<Scrape> {
    // Loaded when it is first asked for: a server that nobody scrapes starts without it, and
    // measures no event loop.
    loaded ??= load(deps)
    const { registry, readEventLoop } = await loaded
    await readEventLoop()
    return { contentType: registry.contentType, text: await registry.metrics() }
  }
}

async function load(deps: MetricsDeps) {
  const { Registry, collectDefaultMetrics } = await import("prom-client")
  const registry = new Registry()
  for (const [name, { help, type, collect }] of Object.entries(METRICS)) {
    const metric = {
      name,
      get: async () => ({ name, help, type, values: collect(deps, name), aggregator: "sum" }),
    }
    // A registry asks its metrics for nothing but their name and `get`. The package's own
    // classes would count a second time what is counted already, and cost it on every message.
    registry.registerMetric(metric as unknown as Metric)
  }
  const defaults = new Registry()
  collectDefaultMetrics({ register: defaults })
  for (const name of PROCESS_METRICS) {
    const metric = defaults.getSingleMetric(name)
    if (metric !== undefined) registry.registerMetric(metric)
  }
  // The one of them that is not shown reads the event loop for all the others.
  const lag = defaults.getSingleMetric("nodejs_eventloop_lag_seconds")
  return { registry, readEventLoop: async () => lag?.get() }
}

const protocols = (meters: Meters) => meters.edges().filter(({ edge }) => edge !== "rest")

/** A histogram's samples: buckets that count all that is below their bound, sum and count. */
function spread(
  name: string,
  histogram: Histogram,
  labels: Readonly<Record<string, string>>,
): readonly Sample[] {
  let count = 0
  const buckets = histogram.counts().map((own, index) => {
    count += own
    const le = String(histogram.bounds[index] ?? "+Inf")
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: histogram.sum() },
    { metricName: `${name}_count`, labels, value: count },
  ]
}
