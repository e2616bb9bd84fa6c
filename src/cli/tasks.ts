/** Commands of one word, without the commands: a server that starts needs their names only. */
export const TASKS = {
  migrate: "bring the database up to date, as a server does when it starts",
  copy: "move all data from SQLite into PostgreSQL",
} as const

export type TaskName = keyof typeof TASKS

export const isTask = (name: string | undefined): name is TaskName =>
  name !== undefined && Object.hasOwn(TASKS, name)

/** As lines of the help. */
export const listTasks = (): string =>
  Object.entries(TASKS)
    .map(([name, help]) => `  ${name.padEnd(12)}${help}`)
    .join("\n")
