import { useState } from "preact/hooks"
import { locale } from "../state/preferences"
import { t } from "../strings"
import type { LineChartProps } from "./line-chart"
import { sayClock } from "./say-figure"

type ChartTableProps = Pick<LineChartProps, "title" | "times" | "series" | "format">

/** So many of the newest are told: one every other second, of half a minute. */
const ROWS_MAX = 15

/** The chart's newest figures in numbers, for who opens it. */
export function ChartTable({ title, times, series, format }: ChartTableProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t().admin.asTable}</summary>
      {isOpen && (
        <div class="chart-table-body">
          <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
              <tr>
                <th scope="col">{t().admin.time}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {newest(times).map(({ at, index }) => (
                <tr key={at}>
                  <th scope="row">{sayClock(at, locale.value)}</th>
                  {series.map(({ label, values }) => {
                    const value = values[index]
                    return (
                      <td key={label}>
                        {value === undefined || value === null ? "–" : format(value)}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}

const newest = (times: readonly number[]) =>
  times
    .map((at, index) => ({ at, index }))
    .slice(-ROWS_MAX)
    .reverse()
