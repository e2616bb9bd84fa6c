import { z } from "zod"
import type { Invite } from "../protocol/entities"
import { asInviteCode } from "../protocol/ids"
import { presentInvite } from "../protocol/present"
import { type AnyCommand, defineCommand } from "./command"
import { Length } from "./inputs"
import { asTable, shownTime } from "./text"

const USES_MAX = 100_000

const add = defineCommand({
  name: "add",
  help: "Make a code with which somebody can register, where CHAT_REGISTRATION=invite.",
  operands: [],
  options: {
    uses: { type: "string", value: "N", help: "how many may use it; else as many as like" },
    expires: { type: "string", value: "7d", help: "after how long it ends; else never" },
  },
  schema: z.object({
    uses: z
      .string()
      .refine(
        (text) => /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= USES_MAX,
        `must be a number from 1 to ${USES_MAX}`,
      )
      .transform(Number)
      .optional(),
    expires: Length.optional(),
  }),
  run: async ({ uses, expires }, { invites, now }) => {
    const invite = await invites.addInvite({
      usesMax: uses ?? null,
      expiresAt: expires === undefined ? null : now() + expires,
    })
    return { text: `Made invite ${invite.code}`, json: presentInvite(invite) }
  },
})

const list = defineCommand({
  name: "list",
  help: "Invites to the server that are good. Those into rooms are their moderators' to see.",
  operands: [],
  options: {},
  schema: z.object({}),
  run: async (_, { invites }) => {
    const found = await invites.listInvites()
    return { text: shownInvites(found), json: found.map(presentInvite) }
  },
})

const revoke = defineCommand({
  name: "revoke",
  help: "End an invite to the server.",
  operands: ["code"],
  options: {},
  schema: z.object({ code: z.string().min(1).max(100) }),
  run: async ({ code }, { invites }) => {
    await invites.revokeInvite(asInviteCode(code))
    return { text: `Revoked invite ${code}`, json: { code } }
  },
})

function shownInvites(invites: readonly Invite[]): string {
  if (invites.length === 0) return "no invites"
  const rows = invites.map((it) => [
    it.code,
    `${it.uses} of ${it.usesMax ?? "any"}`,
    shownTime(it.createdAt),
    shownTime(it.expiresAt),
  ])
  return asTable(["invite", "used", "made", "expires"], rows)
}

export const INVITE_COMMANDS: readonly AnyCommand[] = [add, list, revoke]
