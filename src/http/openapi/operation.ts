import { z } from "zod"
import type { ErrorCode } from "../../protocol/errors"

/** A route as it is declared: its method and its address, parameters as `:name`. */
export type OperationKey = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`

/** Headings of the document, with what stands under them. */
export const TAGS = {
  auth: "Accounts, sessions and API keys.",
  users: "People.",
  rooms: "Rooms: made, listed, changed, deleted.",
  members: "Who is in a room, and as what.",
  messages: "What is said in a room.",
  files: "Files that messages show.",
  sync: "Catching up, and what is unread.",
  server: "The server itself, and its documents.",
  admin: "For those who run the server: admins, and nobody else.",
} as const
export type Tag = keyof typeof TAGS

/** The answer of a route that did what it was asked for. */
export interface Success {
  readonly status: number
  readonly means: string
  readonly mime?: string
  /** Without it, what the body holds is not described further. */
  readonly schema?: z.ZodType
  /** A named schema whose example is one here; `many`: in a list. */
  readonly exampleOf?: { readonly schema: z.ZodType; readonly many: boolean }
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Who is let in, where that is not everybody who has credentials. `late`: they may come after the
 * answer. `gateway`: a trusted gateway that names its user. `internal`: who has the gateways' key,
 * and speaks for the server itself.
 */
export type Access = "open" | "late" | "gateway" | "internal"

/**
 * What is to be said of a route beyond what its schemas say. Parameters and body come from the
 * route itself.
 */
export interface Operation {
  /** Names the function in generated clients. */
  readonly id: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** Without it, any credentials are needed. */
  readonly access?: Access
  readonly success: Success
  /** What it may answer instead, to those who ask for a part of it, say. */
  readonly others?: readonly Success[]
  /** Its own refusals. Those that many routes share are added: see `sharedErrors`. */
  readonly errors?: readonly ErrorCode[]
  /** Files of a form that the route takes, in words, by the names of their fields. */
  readonly form?: Readonly<Record<string, string>>
  /** A body that the route accepts. */
  readonly example?: object
  /** Parameters that are read besides those of the route's own schema. */
  readonly query?: z.ZodObject
  /** Words for parameters and fields that mean something else here than in `fields.ts`. */
  readonly fields?: Readonly<Record<string, string>>
}

export type Operations = Readonly<Record<OperationKey, Operation>>

/** Keeps the keys of a table as they are, so that they can be checked. */
export const operations = <const Table extends Operations>(table: Table): Table => table

/** The caller may be named by `user_id`, where clients are believed who they are. */
export const CLAIM = z.object({ user_id: z.string().optional() })

export const json = (schema: z.ZodType, means: string): Success => ({
  status: 200,
  means,
  mime: "application/json",
  schema,
  exampleOf: { schema, many: false },
})

/** An array, whole. */
export const list = (schema: z.ZodType, means: string): Success => ({
  ...json(z.array(schema), means),
  exampleOf: { schema, many: true },
})

/** An array, with the next page's address in `Link`. */
export const page = (schema: z.ZodType, means: string): Success => ({
  ...list(schema, means),
  headers: { Link: 'Where there may be more: `<address>; rel="next"`.' },
})

export const empty = (means: string): Success => ({ status: 204, means })
