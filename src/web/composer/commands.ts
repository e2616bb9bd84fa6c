import type { Client, RoomView } from "../../client/client"
import type { ApiProfile } from "../../protocol/answers"
import { personName } from "../state/names"
import { canChangeRoom, canInvite, canModerate, type Standing } from "../state/rights"
import { readDuration } from "./duration"

export const COMMAND_NAMES = [
  "me",
  "shrug",
  "topic",
  "invite",
  "kick",
  "mute",
  "unmute",
  "ban",
  "unban",
  "nick",
  "dm",
  "leave",
] as const
export type CommandName = (typeof COMMAND_NAMES)[number]

/** What a command acts on, and in whose name. */
export interface CommandContext {
  readonly client: Pick<Client, "api" | "me">
  readonly roomId: string
  readonly view: RoomView | null
  /** Those of the room that are known here. */
  readonly people: readonly ApiProfile[]
}

/** What is to be done behind a command. */
export type CommandOutcome =
  | { readonly type: "say"; readonly content: string }
  | { readonly type: "done" }
  | { readonly type: "open"; readonly roomId: string | null }

/** Why a command was not even tried. */
export type CommandProblem =
  | { readonly type: "unknown"; readonly name: string }
  | { readonly type: "argument"; readonly name: CommandName }
  | { readonly type: "nobody"; readonly name: string }

/** The command could not be read; nothing was done. */
export class CommandError extends Error {
  override readonly name = "CommandError"
  constructor(readonly problem: CommandProblem) {
    super(problem.type)
  }
}

interface Command {
  readonly isFor: (context: Pick<CommandContext, "view" | "client">) => boolean
  readonly run: (context: CommandContext, argument: string) => Promise<CommandOutcome>
}

const done: CommandOutcome = { type: "done" }

const everybody = () => true
const isInRoom = ({ view }: Pick<CommandContext, "view">) => view?.room.type !== "direct"
/** Whether one may, where it is known who one is and where. */
const whoMay =
  (may: (standing: Standing) => boolean): Command["isFor"] =>
  ({ view, client }) => {
    const me = client.me.value
    return view !== null && me !== null && may({ me, room: view.room, membership: view.membership })
  }

const moderates = whoMay(canModerate)
const owns = whoMay(canChangeRoom)

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  me: {
    isFor: everybody,
    async run({ client }, argument) {
      const me = client.me.value
      const name = me === null ? "" : personName(me)
      return { type: "say", content: `*${name} ${needed("me", argument)}*` }
    },
  },
  shrug: {
    isFor: everybody,
    run: async (_context, argument) => ({
      type: "say",
      content: [argument, "¯\\\\\\_(ツ)\\_/¯"].filter((it) => it !== "").join(" "),
    }),
  },
  topic: {
    isFor: owns,
    async run({ client, roomId }, argument) {
      await client.api.rooms.update(roomId, { topic: argument === "" ? null : argument })
      return done
    },
  },
  invite: onPerson("invite", whoMay(canInvite), (rooms, id, userId) => rooms.setMember(id, userId)),
  kick: onPerson("kick", moderates, (rooms, id, userId) => rooms.removeMember(id, userId)),
  mute: sanction("mute"),
  unmute: onPerson("unmute", moderates, (rooms, id, userId) => rooms.unmute(id, userId)),
  ban: sanction("ban"),
  unban: onPerson("unban", moderates, (rooms, id, userId) => rooms.unban(id, userId)),
  nick: {
    isFor: everybody,
    async run({ client }, argument) {
      await client.api.users.updateMe({ display_name: argument === "" ? null : argument })
      return done
    },
  },
  dm: {
    isFor: everybody,
    async run(context, argument) {
      const person = await findPerson(context, needed("dm", argument))
      const { id } = await context.client.api.conversations.open([person.id])
      return { type: "open", roomId: id }
    },
  },
  leave: {
    isFor: isInRoom,
    async run({ client, roomId }) {
      await client.api.rooms.leave(roomId)
      return { type: "open", roomId: null }
    },
  },
}

/**
 * A text as a command and what stands behind it; null: it is none. `//` begins a text with a slash,
 * and so does what could not be a name, such as a path.
 */
export function readCommand(
  text: string,
): { readonly name: string; readonly argument: string } | null {
  const [, name, argument = ""] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/i.exec(text) ?? []
  return name === undefined ? null : { name: name.toLowerCase(), argument: argument.trim() }
}

/** Of a text that begins with two slashes, one is shown. */
export const withoutEscape = (text: string): string =>
  text.startsWith("//") ? text.slice(1) : text

/** Errors: `CommandError` where it was not tried, and those of the server. */
export async function runCommand(
  context: CommandContext,
  { name, argument }: { readonly name: string; readonly argument: string },
): Promise<CommandOutcome> {
  const known = COMMAND_NAMES.find((it) => it === name)
  if (known === undefined) throw new CommandError({ type: "unknown", name })
  return COMMANDS[known].run(context, argument)
}

/** Those that begin so, of those that one may use here. */
export const matchCommands = (
  context: Pick<CommandContext, "view" | "client">,
  query: string,
): readonly CommandName[] =>
  COMMAND_NAMES.filter(
    (name) => name.startsWith(query.toLowerCase()) && COMMANDS[name].isFor(context),
  )

type OnPerson = (rooms: Client["api"]["rooms"], roomId: string, userId: string) => Promise<unknown>

/** `/kick @ann`: something that is done to one person in the room. */
function onPerson(name: CommandName, isFor: Command["isFor"], act: OnPerson): Command {
  return {
    isFor,
    async run(context, argument) {
      const person = await findPerson(context, needed(name, argument))
      await act(context.client.api.rooms, context.roomId, person.id)
      return done
    },
  }
}

function sanction(name: "mute" | "ban"): Command {
  return {
    isFor: moderates,
    async run(context, argument) {
      const { person, terms } = await readSanction(context, name, argument)
      await context.client.api.rooms[name](context.roomId, person.id, terms)
      return done
    },
  }
}

function needed(name: CommandName, argument: string): string {
  if (argument === "") throw new CommandError({ type: "argument", name })
  return argument
}

/** By username, with or without `@`: of the room if they are known there, else of the server. */
async function findPerson({ client, people }: CommandContext, said: string): Promise<ApiProfile> {
  const name = said.replace(/^@/, "").toLowerCase()
  const isNamed = (it: ApiProfile) => it.username.toLowerCase() === name
  const known = people.find(isNamed)
  if (known !== undefined) return known
  const { items } = await client.api.users.list({ query: name, limit: 20 })
  const found = items.find(isNamed)
  if (found === undefined) throw new CommandError({ type: "nobody", name: said })
  return found
}

/** `@ann 10m for this`: whom, for how long (or for ever), and why. */
async function readSanction(context: CommandContext, name: CommandName, argument: string) {
  const [who = "", ...words] = needed(name, argument).split(/\s+/)
  const person = await findPerson(context, who)
  const ms = readDuration(words[0] ?? "")
  const reason = (ms === null ? words : words.slice(1)).join(" ")
  const until = ms === null ? null : new Date(Date.now() + ms).toISOString()
  return { person, terms: { until, reason: reason === "" ? null : reason } }
}
