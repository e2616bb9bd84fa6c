import { z } from "zod"
import { asKeyId } from "../protocol/ids"
import { presentApiKey } from "../protocol/present"
import { CreateKeyBody } from "../protocol/requests"
import { type AnyCommand, defineCommand } from "./command"
import { Length, UserClaim } from "./inputs"
import { shownKeys } from "./user-queries"

const { name: Name, scopes: Scopes } = CreateKeyBody.shape

const add = defineCommand({
  name: "add",
  help: "Make an API key, which stands for the user. It is shown this once.",
  operands: ["user"],
  options: {
    name: { type: "string", isNeeded: true, value: "N", help: "what it is for" },
    scope: { type: "string", multiple: true, value: "users,rooms", help: "what else it may do" },
    expires: { type: "string", value: "30d", help: "after how long it ends; else never" },
  },
  schema: z.object({
    user: UserClaim,
    name: Name,
    scope: z
      .array(z.string())
      .default([])
      .transform((texts) => texts.flatMap((text) => text.split(",")))
      .pipe(Scopes.unwrap()),
    expires: Length.optional(),
  }),
  run: async (input, { administration, keys, now }) => {
    const owner = await administration.getUser(input.user)
    const expiresAt = input.expires === undefined ? null : now() + input.expires
    const made = await keys.makeKey(owner, { name: input.name, scopes: input.scope, expiresAt })
    return {
      text: `Made key ${made.id} of ${owner.username}\nThe key, shown this once: ${made.key}`,
      json: made,
    }
  },
})

const list = defineCommand({
  name: "list",
  help: "The API keys of a user, without their secrets.",
  operands: ["user"],
  options: {},
  schema: z.object({ user: UserClaim }),
  run: async (input, { administration, keys }) => {
    const found = await keys.listKeys({ user: await administration.getUser(input.user) })
    return { text: shownKeys(found), json: found.map(presentApiKey) }
  },
})

const revoke = defineCommand({
  name: "revoke",
  help: "End an API key and close its sockets.",
  operands: ["id"],
  options: {},
  schema: z.object({ id: z.string().min(1).max(100) }),
  run: async ({ id }, { keys }) => {
    await keys.endAnyKey(asKeyId(id))
    return { text: `Revoked key ${id}`, json: { id } }
  },
})

export const KEY_COMMANDS: readonly AnyCommand[] = [add, list, revoke]
