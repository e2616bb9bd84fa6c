import type { AnyCommand } from "./command"
import { commandHelp, prepare } from "./command-help"
import { GROUPS, type GroupName } from "./groups"
import { openHouse } from "./house"
import { INVITE_COMMANDS } from "./invite"
import { KEY_COMMANDS } from "./key"
import { TOKEN_COMMANDS } from "./token"
import { UsageError } from "./usage-error"
import { USER_COMMANDS } from "./user"

const COMMANDS: Readonly<Record<GroupName, readonly AnyCommand[]>> = {
  user: USER_COMMANDS,
  key: KEY_COMMANDS,
  invite: INVITE_COMMANDS,
  token: TOKEN_COMMANDS,
}

/**
 * Runs a command of a group on the database in DATA_DIR. Resolves with what is to be said on
 * standard output. Errors: `UsageError` and those of the command.
 */
export async function administer(
  group: GroupName,
  [name, ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (name === "--help" || name === "-h") return groupHelp(group)
  const command = COMMANDS[group].find((it) => it.name === name)
  if (command === undefined) {
    const what = name === undefined ? `${group} what?` : `there is no command "${group} ${name}"`
    throw new UsageError(`${what}\n\n${groupHelp(group)}`)
  }
  const prepared = prepare([group, command.name], command, args)
  if (prepared.type === "help") return commandHelp([group, command.name], command, USER_HELP)
  const house = await openHouse({ env, makesDatabase: command.makesDatabase ?? false })
  try {
    const { text, json } = await prepared.run(house)
    return prepared.isJson ? JSON.stringify(json, null, 2) : text
  } finally {
    await house.close()
  }
}

const USER_HELP = "<user> is a username, a public id or a numeric id."

function groupHelp(group: GroupName): string {
  const rows = COMMANDS[group].map((it) => {
    const call = [it.name, ...it.operands.map((operand) => `<${operand}>`)].join(" ")
    return `  ${call.padEnd(24)}${it.help}`
  })
  return `parley ${group}: ${GROUPS[group]}

Usage: parley ${group} <command> [options]; with --help, all about one command

${rows.join("\n")}

${USER_HELP}
Works on the database in DATA_DIR, whether a server runs on it or not; one that runs
follows within 2 seconds.`
}
