import { readFileSync } from "node:fs"

// What Linux has reported to user space on every architecture since 2.6.
const ticksPerSecond = 100

/** CPU seconds, user and system, that all threads of a process have used. Source: proc(5). */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  // The second field is the name in parentheses, and a name may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])]
  return (userTicks + systemTicks) / ticksPerSecond
}

/** Resident memory of a process in KiB. Source: proc(5). */
export function residentKiBOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
  return Number(/^Rss: +(\d+) kB$/m.exec(rollup)?.[1])
}
