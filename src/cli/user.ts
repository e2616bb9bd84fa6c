import { z } from "zod"
import { newPassword } from "../auth/secrets"
import { presentAdminUser } from "../protocol/present"
import { Password, RegisterBody } from "../protocol/requests"
import { type AnyCommand, check, defineCommand, type Option } from "./command"
import { UserClaim } from "./inputs"
import { UsageError } from "./usage-error"
import { shownUser, USER_QUERIES } from "./user-queries"

const { username: Username, email: Email, display_name: DisplayName } = RegisterBody.shape

const flag = z.boolean().default(false)

const PASSWORD_STDIN: Option = {
  type: "boolean",
  help: "read the password from standard input",
}
const EMAIL: Option = { type: "string", value: "E", help: "e-mail address" }
const DISPLAY_NAME: Option = { type: "string", value: "N", help: "name that is shown to others" }

const add = defineCommand({
  name: "add",
  help: "Add a user. A password is made and shown, unless one is given.",
  operands: ["username"],
  options: {
    admin: { type: "boolean", help: "who may do everything; admins are made in no other way" },
    email: EMAIL,
    "display-name": DISPLAY_NAME,
    "password-stdin": PASSWORD_STDIN,
    "no-password": { type: "boolean", help: "nobody can log in to it; for keys and tokens" },
  },
  makesDatabase: true,
  schema: z
    .object({
      username: Username,
      admin: flag,
      email: Email,
      "display-name": DisplayName,
      "password-stdin": flag,
      "no-password": flag,
    })
    .refine(
      (it) => !(it["password-stdin"] && it["no-password"]),
      "give only one of --password-stdin and --no-password",
    ),
  run: async (input, { administration, database }) => {
    const generated = input["password-stdin"] || input["no-password"] ? null : newPassword()
    const password = input["password-stdin"] ? await readPassword() : generated
    const user = await administration.addUser({
      username: input.username,
      password,
      email: input.email ?? null,
      displayName: input["display-name"] ?? null,
      role: input.admin ? "admin" : "user",
    })
    const what = user.role === "admin" ? "admin" : "user"
    return {
      text: `Added ${what} ${user.username} (${user.id}) to ${database}${shownPassword(generated)}`,
      json: {
        user: presentAdminUser(user),
        ...(generated === null ? {} : { password: generated }),
      },
    }
  },
})

const set = defineCommand({
  name: "set",
  help: "Change what a user is and is called.",
  operands: ["user"],
  options: {
    admin: { type: "boolean", help: "make an admin" },
    "no-admin": { type: "boolean", help: "an admin no longer" },
    email: EMAIL,
    "display-name": DISPLAY_NAME,
  },
  schema: z
    .object({
      user: UserClaim,
      admin: z.boolean().optional(),
      "no-admin": z.boolean().optional(),
      email: Email,
      "display-name": DisplayName,
    })
    .refine(
      (it) => it.admin === undefined || it["no-admin"] === undefined,
      "give only one of --admin and --no-admin",
    )
    .refine(
      ({ user: _, ...changes }) => Object.values(changes).some((it) => it !== undefined),
      "say what to change",
    ),
  run: async (input, { administration }) => {
    const newRole = input.admin ? "admin" : "user"
    const isRoleMeant = input.admin !== undefined || input["no-admin"] !== undefined
    const user = await administration.changeUser(input.user, {
      role: isRoleMeant ? newRole : undefined,
      email: input.email,
      displayName: input["display-name"],
    })
    return { text: shownUser(user), json: { user: presentAdminUser(user) } }
  },
})

const password = defineCommand({
  name: "password",
  help: "Give a user another password, made or given, and end all of their sessions.",
  operands: ["user"],
  options: { "password-stdin": PASSWORD_STDIN },
  schema: z.object({ user: UserClaim, "password-stdin": flag }),
  run: async (input, { administration }) => {
    const generated = input["password-stdin"] ? null : newPassword()
    const user = await administration.setPassword(input.user, generated ?? (await readPassword()))
    return {
      text: `${user.username} has another password, and no session${shownPassword(generated)}`,
      json: {
        user: presentAdminUser(user),
        ...(generated === null ? {} : { password: generated }),
      },
    }
  },
})

const disable = defineCommand({
  name: "disable",
  help: "Lock a user out: log-ins, sessions, API keys and open sockets.",
  operands: ["user"],
  options: {},
  schema: z.object({ user: UserClaim }),
  run: async (input, { administration }) => {
    const user = await administration.disableUser(input.user)
    return { text: `${user.username} is disabled`, json: { user: presentAdminUser(user) } }
  },
})

const enable = defineCommand({
  name: "enable",
  help: "Let a disabled user in again, with the sessions and keys that have not ended.",
  operands: ["user"],
  options: {},
  schema: z.object({ user: UserClaim }),
  run: async (input, { administration }) => {
    const user = await administration.enableUser(input.user)
    return { text: `${user.username} is enabled`, json: { user: presentAdminUser(user) } }
  },
})

const endSessions = defineCommand({
  name: "sessions-end",
  help: "End all sessions of a user: tokens and sockets. They can log in again.",
  operands: ["user"],
  options: {},
  schema: z.object({ user: UserClaim }),
  run: async (input, { administration }) => {
    const ended = await administration.endSessions(input.user)
    return { text: `Sessions of ${input.user} that ended: ${ended}`, json: { ended } }
  },
})

export const USER_COMMANDS: readonly AnyCommand[] = [
  add,
  ...USER_QUERIES,
  set,
  password,
  disable,
  enable,
  endSessions,
]

const shownPassword = (generated: string | null) =>
  generated === null ? "" : `\nPassword, shown this once: ${generated}`

/** All of it is the password, but for the line end that `echo` adds. Errors: `UsageError`. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError("--password-stdin: wants a pipe or a file; a terminal would show it")
  }
  const text = decode(await Bun.stdin.bytes())
  return check(z.object({ password: Password }), { password: text.replace(/\r?\n$/, "") }).password
}

/** What is not UTF-8 would be stored as another password. Errors: `UsageError`. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError("password: must be UTF-8", { cause })
  }
}
