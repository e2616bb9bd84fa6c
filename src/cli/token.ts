import { z } from "zod"
import { asSessionId } from "../protocol/ids"
import { isoTime } from "../protocol/present"
import { type AnyCommand, defineCommand } from "./command"
import { Length, UserClaim } from "./inputs"

/** How the sessions of these tokens are called in the list of sessions. */
const USER_AGENT = "parley token"

const issue = defineCommand({
  name: "issue",
  help: "Make an access token, and a session of its length that ends with it.",
  operands: ["user"],
  options: { expires: { type: "string", value: "1h", help: "how long it is good for (1h)" } },
  schema: z.object({ user: UserClaim, expires: z.string().default("1h").pipe(Length) }),
  run: async (input, { administration, tokensFor }) => {
    const tokens = await tokensFor(input.expires)
    const session = await administration.openSession(input.user, {
      lengthMs: input.expires,
      userAgent: USER_AGENT,
    })
    const { token, expiresInSeconds } = await tokens.issue(session.user.id, session.id)
    return {
      // The token alone, so that it can be put into a variable.
      text: token,
      json: {
        access_token: token,
        token_type: "Bearer",
        expires_in: expiresInSeconds,
        session_id: session.id,
        expires_at: isoTime(session.expiresAt),
      },
    }
  },
})

const revoke = defineCommand({
  name: "revoke",
  help: "End a session, whether of such a token or of a log-in; user show lists them.",
  operands: ["session id"],
  options: {},
  schema: z.object({ "session id": z.string().min(1).max(100) }),
  run: async ({ "session id": id }, { administration }) => {
    await administration.endSession(asSessionId(id))
    return { text: `Ended session ${id}`, json: { id } }
  },
})

export const TOKEN_COMMANDS: readonly AnyCommand[] = [issue, revoke]
