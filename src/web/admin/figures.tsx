import type { ServerStats } from "../../client/api"
import { locale } from "../state/preferences"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Waiting } from "../ui/spinner"
import { type Series, spanOf } from "./chart-lines"
import { LineChart } from "./line-chart"
import { sayBytes, sayCount, sayDuration, sayMilliseconds } from "./say-figure"
import { protocolsIn, type Sample } from "./stats-log"
import { useStats } from "./use-stats"
import "./figures.css"

/** How the server is doing just now, and how it did within the last minutes. */
export function Figures() {
  const { latest, samples, failure } = useStats()
  return (
    <div class="figures">
      {failure !== null && <Banner kind="warn">{wordsFor(failure)}</Banner>}
      {latest === null && failure === null && <Waiting />}
      {latest !== null && (
        <>
          <Tiles stats={latest} />
          <Charts samples={samples} now={Date.parse(latest.time)} />
        </>
      )}
    </div>
  )
}

function Tiles({ stats }: { readonly stats: ServerStats }) {
  const { admin } = t()
  const say = (value: number) => sayCount(value, locale.value)
  const sockets = Object.values(stats.connections).reduce((sum, it) => sum + it, 0)
  const running = Date.parse(stats.time) - Date.parse(stats.started_at)
  const tiles = [
    [admin.online, say(stats.users.online), admin.ofAccounts(say(stats.users.total))],
    [admin.livelyRooms, say(stats.rooms.occupied), admin.ofRooms(say(stats.rooms.total))],
    [admin.messages, say(stats.messages.sent), admin.sinceStart],
    [admin.connections, say(sockets), admin.ofThisNode],
    [admin.running, sayDuration(running), admin.version(stats.version)],
  ] as const
  return (
    <dl class="tiles">
      {tiles.map(([label, value, note]) => (
        <div key={label} class="tile">
          <dt>{label}</dt>
          <dd class="tile-value">{value}</dd>
          <dd class="tile-note">{note}</dd>
        </div>
      ))}
    </dl>
  )
}

const MIB = 1024 ** 2

interface ChartsProps {
  readonly samples: readonly Sample[]
  readonly now: number
}

function Charts({ samples, now }: ChartsProps) {
  const { admin } = t()
  const spoken = locale.value
  const times = samples.map(({ at }) => at)
  const shared = { times, span: spanOf(times, now) }
  const of = (label: string, figureOf: (sample: Sample) => number | null): readonly Series[] => [
    { label, values: samples.map(figureOf) },
  ]
  const count = (value: number) => sayCount(value, spoken)
  const bytes = (value: number) => sayBytes(value, spoken)
  const milliseconds = (value: number) => sayMilliseconds(value, spoken)
  const protocols = protocolsIn(samples).map((protocol) => ({
    label: protocol,
    values: samples.map(({ connections }) => connections[protocol] ?? 0),
  }))
  const charts = [
    [admin.charts.messages, of(admin.perSecond, (it) => it.messagesPerSecond), 5, count],
    [admin.charts.deliveries, of(admin.perSecond, (it) => it.deliveriesPerSecond), 10, count],
    [admin.charts.connections, protocols, 5, count],
    [admin.charts.memory, of(admin.memory, (it) => it.memoryBytes), 100 * MIB, bytes, MIB],
    [admin.charts.lag, of(admin.longest, (it) => it.lagMs), 10, milliseconds],
    [admin.charts.commits, of(admin.average, (it) => it.commitMs), 1, milliseconds],
  ] as const
  return (
    <div class="charts">
      {charts.map(([{ title, about }, series, least, format, unit = 1]) => (
        <LineChart
          key={title}
          {...shared}
          title={title}
          about={about}
          series={series}
          least={least}
          unit={unit}
          format={format}
        />
      ))}
    </div>
  )
}
