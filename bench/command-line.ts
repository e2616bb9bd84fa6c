import { parseArgs } from "node:util"
import { fullPace, type Pace, quickPace, type Workload } from "./bench"

/** What a run was asked to do. Only a complete one may write the page. */
export interface Plan {
  readonly workloads: readonly Workload[]
  readonly pace: Pace
  readonly isComplete: boolean
}

/** Reads `--only name,name` and `--quick`. Throws when a name is not that of a workload. */
export function readPlan(args: readonly string[], workloads: readonly Workload[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: "string" }, quick: { type: "boolean", default: false } },
  })
  const names = values.only?.split(",")
  const known = workloads.map(({ name }) => name)
  const unknown = names?.filter((name) => !known.includes(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`no workload "${unknown.join(", ")}"; there are ${known.join(", ")}`)
  }
  return {
    workloads: workloads.filter(({ name }) => names?.includes(name) ?? true),
    pace: values.quick ? quickPace : fullPace,
    isComplete: !names && !values.quick,
  }
}
