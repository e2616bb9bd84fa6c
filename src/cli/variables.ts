import { defaultOf, VARIABLES, type VariableName } from "../config"

const names = Object.keys(VARIABLES) as VariableName[]

function shownDefault(name: VariableName): string {
  const inProduction = defaultOf(name, true)
  const inDevelopment = defaultOf(name, false)
  if (inProduction === inDevelopment) return inProduction ?? "unset"
  return `${inProduction} in production, ${inDevelopment} in development`
}

/** Every setting, for a terminal. */
export function describeVariables(): string {
  const rows = names.map(
    (name) => `  ${name.padEnd(34)}${VARIABLES[name].help} (${shownDefault(name)})`,
  )
  return `Settings, from the environment or a file .env; 0 turns a limit off:\n\n${rows.join("\n")}`
}

/** Every setting, for docs/configuration.md. */
export function variablesAsMarkdown(): string {
  const rows = names.map(
    (name) => `| \`${name}\` | ${shownDefault(name)} | ${VARIABLES[name].help} |`,
  )
  return ["| variable | default | what it does |", "|---|---|---|", ...rows].join("\n")
}
