import { z } from "zod"
import type { JsonSchema, SchemaBook } from "../../protocol/json-schema"
import { OK_DATA, ServerFrame, StreamFrame } from "../../protocol/server-frames"
import { ClientFrame, FrameId } from "../../protocol/socket-frames"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  GREETING_EXAMPLE,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "./examples"
import { COMMANDS, EVENTS } from "./prose"
import { STREAM_EXAMPLES } from "./stream-examples"

interface Message {
  readonly name: string
  readonly summary: string
  readonly payload: JsonSchema
  readonly examples: readonly { readonly payload: object }[]
  readonly correlationId?: { readonly $ref: string }
}

type Messages = Readonly<Record<string, Message>>

const BY_ID = { correlationId: { $ref: "#/components/correlationIds/frame" } }

/** What clients send, as `client.<type>`: some types are spoken in both directions. */
export function clientMessages(book: SchemaBook): Messages {
  const messages = ClientFrame.options.map((frame): [string, Message] => {
    const name = frame.shape.type.value
    const payload = book.accepted(frame)
    const examples = [{ payload: CLIENT_EXAMPLES[name].frame }]
    const summary = COMMANDS[name].does
    return [`client.${name}`, { name, summary, payload, examples, ...BY_ID }]
  })
  return Object.fromEntries(messages)
}

/** What the server sends: by the type of the frame, answers as `ok.<reply>`. */
export function serverMessages(book: SchemaBook): Messages {
  const { ok: _, ...frames } = framesByType(ServerFrame.options, book)
  return { ...describe(frames), ...okMessages(book) }
}

/** What the server says on an event stream alone. */
export const streamMessages = (book: SchemaBook): Messages =>
  describe(framesByType(StreamFrame.options, book))

const describe = (frames: Readonly<Record<string, JsonSchema>>): Messages =>
  Object.fromEntries(
    Object.entries(frames).map(([name, payload]): [string, Message] => {
      const correlation = name === "error" ? BY_ID : {}
      return [
        name,
        { name, summary: WORDS[name] ?? name, payload, examples: goldenOf(name), ...correlation },
      ]
    }),
  )

const WORDS: Readonly<Record<string, string>> = {
  ...EVENTS,
  hello: "The first frame: who this is, and what may be done.",
  error: "A frame was refused; the socket stays open. `id` is missing where the frame had none.",
  heartbeat: "Heads of rooms that changed since the last heartbeat.",
  notice:
    "`draining`: the server stops; come back after that time. `slow`: the client falls behind.",
  snapshot:
    "A room as the answer to `subscribe` tells it: what changed since the cursor, or where it begins.",
  live: "All rooms have been told; what follows happens now.",
  closed: "The last event, with the code that a socket would be closed with.",
}

/** One schema for each type, also where the types of a group share one. */
function framesByType(
  options: typeof ServerFrame.options | typeof StreamFrame.options,
  book: SchemaBook,
): Record<string, JsonSchema> {
  const schemas = options.flatMap((option) => {
    const { type } = option.shape
    const names: readonly string[] = type instanceof z.ZodLiteral ? [type.value] : type.options
    const schema = book.answered(option)
    return names.map((name): [string, JsonSchema] => [name, narrowed(schema, name)])
  })
  return Object.fromEntries(schemas)
}

const narrowed = (schema: JsonSchema, type: string): JsonSchema => ({
  ...schema,
  properties: { ...Object(schema.properties), type: { type: "string", const: type } },
})

function okMessages(book: SchemaBook): Messages {
  const names = Object.keys(OK_DATA) as (keyof typeof OK_DATA)[]
  const messages = names.map((reply): [string, Message] => {
    const frame = z.object({ type: z.literal("ok"), id: FrameId, data: OK_DATA[reply] })
    const name = `ok.${reply}`
    const examples = [{ payload: REPLY_EXAMPLES[reply].frame }]
    const answers = Object.entries(COMMANDS).filter(([, it]) => it.reply === reply)
    const summary = `The answer to ${answers.map(([type]) => `\`${type}\``).join(", ")}.`
    return [name, { name, summary, payload: book.answered(frame), examples, ...BY_ID }]
  })
  return Object.fromEntries(messages)
}

const GOLDEN = [
  GREETING_EXAMPLE,
  ...ERROR_EXAMPLES,
  ...Object.values(EVENT_EXAMPLES),
  ...Object.values(SIGNAL_EXAMPLES),
  ...Object.values(STREAM_EXAMPLES),
].map(({ frame }) => frame)

const goldenOf = (type: string) =>
  GOLDEN.filter((frame) => frame.type === type).map((payload) => ({ payload }))
