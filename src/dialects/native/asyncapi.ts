import { EXAMPLES } from "../../protocol/answer-examples"
import { createSchemaBook, type SchemaBookOptions } from "../../protocol/json-schema"
import { CLOSE_CODES, SUBPROTOCOL } from "../../protocol/socket-frames"
import { clientMessages, serverMessages, streamMessages } from "./asyncapi-messages"
import { CLOSES, COMMANDS } from "./prose"

export interface AsyncApiOptions {
  readonly version: string
  readonly unknownFields?: SchemaBookOptions["unknownFields"]
}

const CHANNEL = { $ref: "#/channels/socket" }
const inChannel = (message: string) => ({ $ref: `#/channels/socket/messages/${message}` })

/**
 * The AsyncAPI 3 document of `/api/v1/ws`, from the schemas that check what clients send, the
 * types that the server speaks by, and the golden frames.
 */
export function asyncApiDocument({ version, unknownFields = "allowed" }: AsyncApiOptions) {
  const book = createSchemaBook({ draft: "draft-07", unknownFields, examples: EXAMPLES })
  const received = clientMessages(book)
  const sent = serverMessages(book)
  const streamed = streamMessages(book)
  const messages = { ...received, ...sent }
  const told = Object.keys(sent).filter((name) => !name.startsWith("ok.") && name !== "error")
  return {
    asyncapi: "3.0.0",
    info: { title: "Parley", version, description: ABOUT, license: { name: "MIT" } },
    defaultContentType: "application/json",
    servers: { plain: server("ws"), secure: server("wss") },
    channels: {
      socket: {
        address: "/api/v1/ws",
        title: "The socket",
        description: `One connection of one user. Its subprotocol is \`${SUBPROTOCOL}\`, offered or absent.`,
        messages: referTo(Object.keys(messages)),
        bindings: { ws: UPGRADE },
        "x-close-codes": closeCodes(),
      },
      events: {
        address: "/api/v1/events",
        title: "The event stream",
        description: STREAM,
        messages: referTo([...told, ...Object.keys(streamed)]),
      },
    },
    operations: {
      ...Object.fromEntries(Object.entries(COMMANDS).map(receive)),
      tell: {
        action: "send",
        channel: CHANNEL,
        summary: "What the server says without being asked",
        messages: told.map(inChannel),
      },
      stream: {
        action: "send",
        channel: { $ref: "#/channels/events" },
        summary: "What the server says on an event stream",
        messages: [...told, ...Object.keys(streamed)].map((name) => ({
          $ref: `#/channels/events/messages/${name}`,
        })),
      },
    },
    components: {
      messages: { ...messages, ...streamed },
      schemas: book.components,
      securitySchemes: SECURITY_SCHEMES,
      correlationIds: {
        frame: {
          location: "$message.payload#/id",
          description: "Chosen by the client; the answer brings it back.",
        },
      },
    },
  }
}

const referTo = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]))

const STREAM = `Server-Sent Events of all rooms of one user, by \`GET\`: \`event\` is the type of a
frame, \`data\` the frame, and \`id\` a cursor from which \`Last-Event-ID\` or \`?cursor=\` goes on.`

const ABOUT = `Live chat over one WebSocket. Frames are JSON texts \`{type, id?, data}\`; times are
ISO 8601 in UTC; lengths count Unicode code points; names that end in \`_ms\` are milliseconds.
A frame with an \`id\` is answered with \`ok\` or \`error\`. Answers may come to have more fields.
REST is described in /swagger/json.`

const server = (protocol: "ws" | "wss") => ({
  host: "{host}",
  protocol,
  variables: { host: { default: "localhost:3000", description: "Where Parley runs." } },
  security: Object.keys(SECURITY_SCHEMES).map((name) => ({
    $ref: `#/components/securitySchemes/${name}`,
  })),
})

/** Any one of them; or none, and then `auth` is the first frame. */
const SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "An access token." },
  apiKey: { type: "httpApiKey", in: "header", name: "x-api-key", description: "An API key." },
  urlToken: {
    type: "httpApiKey",
    in: "query",
    name: "token",
    description: "An access token, for pages. It may end up in logs of proxies: `auth` is better.",
  },
  cookie: {
    type: "httpApiKey",
    in: "cookie",
    name: "access_token",
    description: "Counts where `Origin` is this server's or in `FRONTEND_URL`.",
  },
  gateway: {
    type: "httpApiKey",
    in: "header",
    name: "x-internal-api-key",
    description: "Of a trusted gateway, with the user it speaks for in `x-user-id`.",
  },
} as const

const UPGRADE = {
  method: "GET",
  query: {
    type: "object",
    properties: { token: { type: "string", description: "An access token." } },
  },
  headers: {
    type: "object",
    properties: { "Sec-WebSocket-Protocol": { type: "string", const: SUBPROTOCOL } },
  },
  bindingVersion: "0.1.0",
} as const

function receive([type, { does, reply }]: [string, (typeof COMMANDS)[keyof typeof COMMANDS]]) {
  const operation = {
    action: "receive",
    channel: CHANNEL,
    summary: does.split(". ", 1)[0]?.replace(/\.$/, ""),
    description: does,
    messages: [inChannel(`client.${type}`)],
    reply: { channel: CHANNEL, messages: [inChannel(`ok.${reply}`), inChannel("error")] },
  }
  return [type, operation]
}

const closeCodes = () =>
  (Object.keys(CLOSE_CODES) as (keyof typeof CLOSE_CODES)[]).map((name) => ({
    code: CLOSE_CODES[name],
    name,
    description: CLOSES[name],
  }))
