/** Groups of commands, without the commands: a server that starts needs their names only. */
export const GROUPS = {
  user: "add, find, change and disable users",
  key: "API keys of users, for programs",
  invite: "codes with which people can register",
  token: "access tokens, for scripts and tests",
} as const

export type GroupName = keyof typeof GROUPS

export const isGroup = (name: string | undefined): name is GroupName =>
  name !== undefined && Object.hasOwn(GROUPS, name)

/** As lines of the help. */
export const listGroups = (): string =>
  Object.entries(GROUPS)
    .map(([name, help]) => `  ${name.padEnd(12)}${help}`)
    .join("\n")
