import { z } from "zod"
import { PRESENCE_STATUSES } from "../protocol/entities"
import { asRoomNumericId, asUserId, asUserNumericId } from "../protocol/ids"
import type { NodeId } from "./link"

const user = z.number().transform(asUserNumericId)
const room = z.number().transform(asRoomNumericId)
const status = z.enum(PRESENCE_STATUSES).exclude(["offline"])
// Made by a link of another node, and only ever compared.
const node = z.string().transform((text) => text as NodeId)

const profile = z.object({
  id: z.string().transform(asUserId),
  numericId: user,
  username: z.string(),
  displayName: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  email: z.string().nullable(),
})

/** What has changed on the node that says it. `At`: a stamp, see `createStamps`. */
const change = z.discriminatedUnion("is", [
  /** The user's first connection to the node, or back while they linger. */
  z.object({ is: z.literal("here"), profile, profileAt: z.number(), status, statusAt: z.number() }),
  z.object({ is: z.literal("named"), profile, profileAt: z.number() }),
  z.object({ is: z.literal("status"), user, status, statusAt: z.number() }),
  /** The last connection is gone; the node tells everybody if they do not come back. */
  z.object({ is: z.literal("lingers"), user }),
  /** `isTold`: the node tells everybody; otherwise it took them to be on another node. */
  z.object({ is: z.literal("gone"), user, isTold: z.boolean() }),
  z.object({ is: z.literal("in"), room, user }),
  z.object({ is: z.literal("out"), room, user, isTold: z.boolean() }),
  /** The node has told everybody what another one could not. */
  z.object({ is: z.literal("told"), user, isWhole: z.boolean(), rooms: z.array(room) }),
  /** The node has heard all that this other one has to tell. */
  z.object({ is: z.literal("knows"), node }),
  /** In answers: the node has to tell that the user has gone, or takes another to do it. */
  z.object({ is: z.literal("owes"), user }),
  /** The node has begun to tell everybody that the people of this lost one are gone. */
  z.object({ is: z.literal("buried"), node }),
])

export type Change = z.output<typeof change>

/** All that nodes say to each other about presence. */
export const presenceWord = z.discriminatedUnion("type", [
  /** To everybody. `number`: 1, 2, 3 … of this node, so that a gap is noticed. */
  z.object({ type: z.literal("changes"), number: z.number(), changes: z.array(change) }),
  /** To one node: say everything. `wasLost`: some of your people have been told gone. */
  z.object({
    type: z.literal("ask"),
    token: z.number(),
    wasLost: z.boolean(),
    isAnswer: z.boolean(),
  }),
  /** The answer, in parts: how it was after the changes of this number. */
  z.object({
    type: z.literal("part"),
    token: z.number(),
    number: z.number(),
    part: z.number(),
    isLast: z.boolean(),
    changes: z.array(change),
  }),
])

export type PresenceWord = z.output<typeof presenceWord>
