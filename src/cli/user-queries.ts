import { z } from "zod"
import type { ApiKey, Session, User } from "../protocol/entities"
import { presentAdminUser, presentApiKey, presentSession } from "../protocol/present"
import { type AnyCommand, defineCommand } from "./command"
import { UserClaim } from "./inputs"
import { asFields, asTable, shownText, shownTime } from "./text"

const LIMIT_DEFAULT = "50"
const LIMIT_MAX = 10_000

export const shownUser = (user: User): string =>
  asFields({
    username: user.username,
    id: user.id,
    "numeric id": String(user.numericId),
    "display name": shownText(user.displayName ?? "-"),
    email: shownText(user.email ?? "-"),
    role: user.role,
    created: shownTime(user.createdAt),
    "last seen": shownTime(user.lastSeenAt),
    disabled: user.disabledAt === null ? "no" : `since ${shownTime(user.disabledAt)}`,
  })

const list = defineCommand({
  name: "list",
  help: "Users, newest first.",
  operands: [],
  options: {
    query: { type: "string", value: "Q", help: "only whose username begins with this" },
    limit: { type: "string", value: "N", help: `how many at the most (${LIMIT_DEFAULT})` },
  },
  schema: z.object({
    query: z.string().max(100).optional(),
    limit: z
      .string()
      .default(LIMIT_DEFAULT)
      .refine(
        (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= LIMIT_MAX,
        `must be a number from 1 to ${LIMIT_MAX}`,
      )
      .transform(Number),
  }),
  run: async ({ query, limit }, { administration }) => {
    const users = await administration.listUsers({ query, limit })
    const rows = users.map((user) => [
      String(user.numericId),
      user.username,
      user.role,
      user.disabledAt === null ? "" : "disabled",
      shownTime(user.lastSeenAt),
      user.id,
    ])
    const table = asTable(["number", "username", "role", "state", "last seen", "id"], rows)
    const more = users.length < limit ? "" : `\nThere may be more: these are ${limit} (--limit).`
    return { text: `${table}${more}`, json: users.map(presentAdminUser) }
  },
})

const show = defineCommand({
  name: "show",
  help: "All about a user, with their sessions and API keys.",
  operands: ["user"],
  options: {},
  schema: z.object({ user: UserClaim }),
  run: async (input, { administration, keys }) => {
    const user = await administration.getUser(input.user)
    const sessions = await administration.listSessions(user)
    const apiKeys = await keys.listKeys({ user })
    return {
      text: [shownUser(user), shownSessions(sessions), shownKeys(apiKeys)].join("\n\n"),
      json: {
        user: presentAdminUser(user),
        sessions: sessions.map((it) => withoutCurrent(presentSession(it, null))),
        keys: apiKeys.map(presentApiKey),
      },
    }
  },
})

/** No session is the one that asks: nobody has logged in here. */
const withoutCurrent = ({ current: _, ...session }: ReturnType<typeof presentSession>) => session

function shownSessions(sessions: readonly Session[]): string {
  if (sessions.length === 0) return "no sessions"
  const rows = sessions.map((it) => [
    it.id,
    shownTime(it.lastUsedAt),
    shownTime(it.expiresAt),
    it.address ?? "-",
    shownText(it.userAgent ?? "-"),
  ])
  return asTable(["session", "last used", "expires", "address", "user agent"], rows)
}

export function shownKeys(keys: readonly ApiKey[]): string {
  if (keys.length === 0) return "no keys"
  const rows = keys.map((it) => [
    it.id,
    shownTime(it.lastUsedAt),
    shownTime(it.expiresAt),
    shownText(it.scopes.join(",") || "-"),
    shownText(it.name),
  ])
  return asTable(["key", "last used", "expires", "scopes", "name"], rows)
}

export const USER_QUERIES: readonly AnyCommand[] = [list, show]
