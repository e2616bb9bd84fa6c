/** What the server answers about itself: to everybody, and to those who run it. */
import { z } from "zod"
import { PublicUserSchema } from "./answers"
import { USER_ROLES } from "./entities"

export const REGISTRATIONS = ["open", "invite", "closed"] as const

const Time = z.iso.datetime()
const Count = z.number().int().nonnegative()

export const ServerInfoSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    registration: z
      .enum(REGISTRATIONS)
      .describe("Who may register: everybody, those with an invite_code, or nobody."),
    limits: z.object({
      max_message_length: Count.describe("Characters; 0: any number."),
      max_upload_bytes: Count.describe("Of one file; 0: any number."),
    }),
  })
  .meta({ id: "ServerInfo" })

export const ServerStatsSchema = z
  .object({
    time: Time,
    started_at: Time.describe("Of this node, as all counts below that are not said to be of all."),
    version: z.string(),
    users: z.object({
      total: Count.describe("Accounts; counted every few seconds."),
      online: Count.describe("On all nodes."),
    }),
    rooms: z.object({
      total: Count.describe("But for conversations; counted every few seconds."),
      occupied: Count.describe("Rooms that somebody listens to, on all nodes."),
    }),
    messages: z.object({
      sent: Count.describe("Stored since the start."),
      per_second: z.number().describe("Over the last ten seconds."),
    }),
    connections: z.record(z.string(), Count).describe("Open sockets, by protocol."),
    deliveries: Count.describe("Events handed to sockets: for each event as many as listened."),
    memory_bytes: Count.describe("What the system gives the process."),
    event_loop_lag_ms: z
      .number()
      .describe("The longest that anything had to wait in the last seconds; 0 at the first look."),
    commits: z.object({
      count: Count,
      mean_ms: z.number().describe("Since the start, each to the disk."),
    }),
  })
  .meta({ id: "ServerStats" })

export const AdminUserSchema = PublicUserSchema.extend({
  email: z.string().nullable(),
  role: z.enum(USER_ROLES),
  disabled_at: Time.nullable().describe("Since when nobody can be this user."),
}).meta({ id: "AdminUser" })

export type ApiServerInfo = z.output<typeof ServerInfoSchema>
export type ApiServerStats = z.output<typeof ServerStatsSchema>
export type ApiAdminUser = z.output<typeof AdminUserSchema>
