import type { Command, CommandField } from "./command"

const userId: CommandField = { path: "user_id", kind: "text", known: "userId", isOptional: true }
const content = (initial: string): CommandField => ({ path: "content", kind: "text", initial })

/** One frame there is, told apart by its type: the room stands in the address. */
export const ROOM_PATH_COMMANDS: readonly Command[] = [
  { name: "text", fields: [content("Hello, World!"), userId] },
  { name: "image", fields: [content("/favicon.svg"), userId] },
  { name: "file", fields: [content("/asyncapi.json"), userId] },
  { name: "system", fields: [content("Maintenance at noon"), userId] },
]
