import { useId, useState } from "preact/hooks"
import { locale } from "../state/preferences"
import { t } from "../strings"
import { CHART, lineOf, nearestTo, type Series, type Span, topOf, xOf } from "./chart-lines"
import { ChartTable } from "./chart-table"
import { sayClock } from "./say-figure"
import "./line-chart.css"

export interface LineChartProps {
  readonly title: string
  /** What of it is measured, in a sentence. */
  readonly about: string
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly span: Span
  /** As high as the chart is at least, so that next to nothing looks like it. */
  readonly least: number
  /** Of what its height is a round number. */
  readonly unit?: number
  readonly format: (value: number) => string
}

/**
 * Figures over time. Who sees it may point at an instant; who does not, or wants the numbers, opens
 * them as a table below. Lines differ by dashes as well as by colour.
 */
export function LineChart(props: LineChartProps) {
  const { title, about, times, series, span, least, unit = 1, format } = props
  const id = useId()
  const [pointedAt, setPointedAt] = useState<number | null>(null)
  const top = topOf(series, { least, unit })
  const shown = pointedAt === null ? times.length - 1 : nearestTo(pointedAt, times)
  const at = times[shown]
  const isPointed = pointedAt !== null && at !== undefined

  function point(event: PointerEvent & { readonly currentTarget: Element }): void {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setPointedAt(span.from + ((event.clientX - left) / width) * (span.to - span.from))
  }

  return (
    <figure class="chart" aria-labelledby={`${id}-title`}>
      <figcaption class="chart-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <span class="chart-when">{isPointed && sayClock(at, locale.value)}</span>
      </figcaption>
      <Legend series={series} index={shown} format={format} />
      <div class="chart-body">
        <span class="chart-top" aria-hidden="true">
          {format(top)}
        </span>
        <svg
          class="chart-lines"
          viewBox={`0 0 ${CHART.width} ${CHART.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-title ${id}-about`}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setPointedAt(null)}
        >
          <title>{title}</title>
          <desc id={`${id}-about`}>{about}</desc>
          {[0, 0.5, 1].map((share) => (
            <line
              key={share}
              class="chart-grid"
              x1={0}
              x2={CHART.width}
              y1={share * CHART.height}
              y2={share * CHART.height}
            />
          ))}
          {series.map(({ label, values }, index) => (
            <path
              key={label}
              class={`chart-line chart-line-${index % LOOKS}`}
              d={lineOf(values, times, { top, span })}
            />
          ))}
          {isPointed && (
            <line
              class="chart-pointer"
              x1={xOf(at, span)}
              x2={xOf(at, span)}
              y1={0}
              y2={CHART.height}
            />
          )}
        </svg>
      </div>
      <p class="chart-times" aria-hidden="true">
        <span>{t().admin.minutesAgo(Math.round((span.to - span.from) / 60_000))}</span>
        <span>{t().admin.now}</span>
      </p>
      <ChartTable title={title} times={times} series={series} format={format} />
    </figure>
  )
}

/** How many lines of one chart can be told apart. */
const LOOKS = 6

interface LegendProps extends Pick<LineChartProps, "series" | "format"> {
  readonly index: number
}

/** What each line is, and how high it is where one points, or now. */
function Legend({ series, index, format }: LegendProps) {
  return (
    <ul class="chart-legend">
      {series.map(({ label, values }, at) => {
        const value = values[index]
        return (
          <li key={label}>
            {series.length > 1 && (
              <>
                <svg class="chart-key" viewBox="0 0 20 4" aria-hidden="true">
                  <path class={`chart-line chart-line-${at % LOOKS}`} d="M1 2L19 2" />
                </svg>
                <span class="chart-label">{label}</span>
              </>
            )}
            <strong class="chart-value">
              {value === undefined || value === null ? "–" : format(value)}
            </strong>
          </li>
        )
      })}
    </ul>
  )
}
