/**
 * Settings from the environment: one table, from which come the checks at start, the text of
 * `parley serve --help` and docs/configuration.md. All problems are reported at once.
 */
import { z } from "zod"
import { externalProblems } from "./auth/external/settings"
import { socketIoNamespace, webSocketPath } from "./edge-addresses"
import {
  channelPrefix,
  count,
  exactName,
  flag,
  keySetUrl,
  onOrOff,
  origins,
  poolSize,
  positiveDuration,
  postgresUrl,
  publicKey,
  redisUrl,
  secret,
  serverName,
} from "./setting-values"
import { UPLOAD_VARIABLES, uploadProblems } from "./upload-settings"
import { type Variable, variable } from "./variable"

export const VARIABLES = {
  PORT: variable({
    schema: count.refine((port) => port <= 65_535, "must be at most 65535"),
    default: "3000",
    help: "TCP port; 0 takes any free one",
  }),
  HOST: variable({ schema: z.string().min(1), default: "127.0.0.1", help: "address to listen on" }),
  DATA_DIR: variable({
    schema: z.string().min(1),
    default: "./data",
    help: "folder of the SQLite file, the generated secret and uploads",
  }),
  DATABASE_URL: variable({
    schema: postgresUrl,
    default: null,
    help: "postgres://user:password@host/name; unset: SQLite in DATA_DIR",
  }),
  DATABASE_CONNECTIONS: variable({
    schema: poolSize,
    default: "10",
    help: "connections that this server keeps to Postgres at the most, 3 or more",
  }),
  REDIS_URL: variable({
    schema: redisUrl,
    default: null,
    help: "Redis through which servers on one DATABASE_URL hear each other (redis:// or rediss://); unset: there is one server",
  }),
  REDIS_PREFIX: variable({
    schema: channelPrefix,
    default: "parley",
    help: "what the servers' channels in Redis are named by, with an id of the database; another one where a copy of the database is used on the same Redis",
  }),
  NODE_ENV: variable({
    schema: z.enum(["production", "development", "test"]),
    default: "development",
    help: "production is stricter, and its default rates are lower",
  }),
  CHAT_SERVER_NAME: variable({
    schema: serverName,
    default: "Parley",
    help: "what the server is called before people, at most 64 characters",
  }),
  CHAT_WEB_CLIENT: variable({
    schema: onOrOff,
    default: "on",
    help: "on or off: whether the server has the web client at / and the playground; off, it is an API alone",
  }),
  LOG_LEVEL: variable({
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    default: "info",
    help: "what is logged, as JSON lines on standard output",
  }),
  FRONTEND_URL: variable({
    schema: origins,
    default: "http://localhost:5173",
    help: "origins of web pages that may use this server with cookies, separated by commas",
  }),
  INTERNAL_API_KEY: variable({
    schema: secret(16),
    default: null,
    help: "secret of trusted gateways (x-internal-api-key); unset: there are none",
  }),
  JWT_SECRET: variable({
    schema: secret(32),
    default: null,
    help: "key of our access tokens; unset: one is made at first start and kept in DATA_DIR, or in Postgres",
  }),
  JWT_EXTERNAL_SECRET: variable({
    schema: secret(32),
    default: null,
    help: "key of an app's tokens for its own users, where it signs by HS256",
  }),
  JWT_EXTERNAL_PUBLIC_KEY: variable({
    schema: publicKey,
    default: null,
    help: "the same in PEM, where it signs by RS256, ES256 or EdDSA",
  }),
  JWT_EXTERNAL_JWKS_URL: variable({
    schema: keySetUrl,
    default: null,
    help: "the same, where the app tells its public keys as a JSON Web Key Set",
  }),
  JWT_EXTERNAL_ISSUER: variable({
    schema: exactName,
    default: null,
    help: "the iss of the app's tokens; must be set where one of the three above is",
  }),
  JWT_EXTERNAL_AUDIENCE: variable({
    schema: exactName,
    default: null,
    help: "an aud that the app's tokens must have; must be set as well",
  }),
  CHAT_ACCESS_TOKEN_TTL: variable({
    schema: positiveDuration,
    default: "1h",
    help: "how long an access token is good for",
  }),
  CHAT_REFRESH_TOKEN_TTL: variable({
    schema: positiveDuration,
    default: "30d",
    help: "how long an unused session lives",
  }),
  CHAT_REGISTRATION: variable({
    schema: z.enum(["open", "invite", "closed"]),
    default: "open",
    help: "who may register: everybody, those with an invite_code, or nobody",
  }),
  CHAT_MAX_MESSAGES_PER_MIN: variable({
    schema: count,
    default: { production: "30", development: "60" },
    help: "accepted messages per user, over all connections and nodes together",
  }),
  CHAT_MAX_JOINS_PER_MIN: variable({
    schema: count,
    default: { production: "10", development: "20" },
    help: "joins per user, over all nodes together",
  }),
  CHAT_MAX_TYPING_PER_MIN: variable({
    schema: count,
    default: { production: "60", development: "120" },
    help: "typing notices per user, over all nodes together; as many changes of messages that were sent (edits, deletions, reactions, pins together), and of one's status",
  }),
  CHAT_HTTP_MAX_PER_MIN: variable({
    schema: count,
    default: "300",
    help: "REST requests per address, over all nodes together; one IPv6 network of /64 is one address; of what was uploaded, five times as many are read besides",
  }),
  CHAT_AUTH_MAX_PER_MIN: variable({
    schema: count,
    default: { production: "10", development: "600" },
    help: "log-ins, registrations and new passwords per address and per account, over all nodes together",
  }),
  CHAT_MAX_FRAMES_PER_SEC: variable({
    schema: count,
    default: "100",
    help: "frames, on Socket.IO events, per connection, with bursts of ten times that",
  }),
  CHAT_MAX_CONNECTIONS_PER_USER: variable({
    schema: count,
    default: "20",
    help: "open sockets per user, over all nodes together",
  }),
  CHAT_MAX_CONNECTIONS_PER_ADDRESS: variable({
    schema: count,
    default: "200",
    help: "open sockets per address, over all nodes together; in development loopback is not counted",
  }),
  CHAT_MAX_ROOMS_PER_USER: variable({
    schema: count,
    default: "10",
    help: "rooms that a user owns",
  }),
  CHAT_MAX_MESSAGE_LENGTH: variable({
    schema: count,
    default: "4000",
    help: "characters of a message",
  }),
  ...UPLOAD_VARIABLES,
  CHAT_TRUST_PROXY: variable({
    schema: count,
    default: "0",
    help: "how many proxies in front of us are believed about addresses (X-Forwarded-For)",
  }),
  CHAT_PING_PERIOD: variable({
    schema: positiveDuration,
    default: "54s",
    help: "how often sockets are pinged; those of Socket.IO are by Engine.IO, every 25 s",
  }),
  CHAT_PONG_WAIT: variable({
    schema: positiveDuration,
    default: "60s",
    help: "a socket that is silent for so long, pongs included, is closed",
  }),
  CHAT_READ_TIMEOUT: variable({
    schema: positiveDuration,
    default: "60s",
    help: "the same by another name: the shorter of the two counts",
  }),
  CHAT_WRITE_TIMEOUT: variable({
    schema: positiveDuration,
    default: "10s",
    help: "a socket that takes nothing of what waits for it for so long is cut off; none of Socket.IO",
  }),
  CHAT_WEBSOCKET_PATH: variable({
    schema: webSocketPath,
    default: "/ws/chat",
    help: "where room-commands is spoken",
  }),
  CHAT_DEFAULT_MAX_USERS: variable({
    schema: count.refine((users) => users >= 2 && users <= 1000, "must be from 2 to 1000"),
    default: "100",
    help: "max_users of rooms that are made by room-commands and name none, 2 to 1000",
  }),
  CHAT_SHOW_EMAILS: variable({
    schema: flag,
    default: "true",
    help: "whether room-commands shows the e-mail addresses of users to those in a room with them",
  }),
  CHAT_AUTO_CREATE_ROOMS: variable({
    schema: flag,
    default: "true",
    help: "whether joining a room that does not exist makes it, in the protocols that name rooms",
  }),
  CHAT_LINK_PREVIEWS: variable({
    schema: onOrOff,
    default: "on",
    help: "on or off: whether the server fetches the pages that messages link to, on the public web only, to show their titles",
  }),
  CHAT_TRUST_CLIENT_IDS: variable({
    schema: flag,
    default: "false",
    help: "whether users of room-path and socketio-conversations are who they say, without credentials; refused in production",
  }),
  WS_NAMESPACE: variable({
    schema: socketIoNamespace,
    default: "/chat",
    help: "Socket.IO namespace of socketio-rooms and socketio-conversations",
  }),
  WS_ENABLE_METRICS: variable({
    schema: flag,
    default: "true",
    help: "whether /websocket/stats tells anything; otherwise it answers 404",
  }),
  WS_ENABLE_HEARTBEAT: variable({
    schema: flag,
    default: "true",
    help: "whether clients of Socket.IO are sent the event ping",
  }),
  WS_HEARTBEAT_INTERVAL: variable({
    schema: count.refine((ms) => ms >= 1000, "must be at least 1000"),
    default: "30000",
    help: "how often they are, in milliseconds: a whole number, at least 1000",
  }),
  CHAT_DRAIN_SECONDS: variable({
    schema: count,
    default: "10",
    help: "how long a stopping server waits for its connections to go",
  }),
} as const satisfies Record<string, Variable<unknown>>

export type VariableName = keyof typeof VARIABLES

type Settings = {
  readonly [Name in VariableName]: z.output<(typeof VARIABLES)[Name]["schema"]>
}

/** Limits are numbers where 0 means none. Durations are milliseconds, and never 0. */
export interface Config extends Settings {
  readonly isProduction: boolean
}

export class ConfigError extends Error {
  override readonly name = "ConfigError"
}

/** The default as it would be written in this environment; null: unset. */
export function defaultOf(name: VariableName, isProduction: boolean): string | null {
  const value: Variable<unknown>["default"] = VARIABLES[name].default
  if (value === null || typeof value === "string") return value
  return isProduction ? value.production : value.development
}

/** Reads and checks all settings. Errors: `ConfigError`, naming every variable that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const isProduction = env.NODE_ENV === "production"
  const problems: string[] = []
  const settings: Record<string, unknown> = {}
  for (const [name, { schema }] of Object.entries<Variable<unknown>>(VARIABLES)) {
    // An empty variable is an unset one: that is how compose files and .env leave them.
    const text = env[name] || defaultOf(name as VariableName, isProduction)
    const parsed = text === null ? { success: true as const, data: null } : schema.safeParse(text)
    if (parsed.success) settings[name] = parsed.data
    else problems.push(...parsed.error.issues.map((issue) => `${name}: ${issue.message}`))
  }
  // What the loop above has put there is the output of the schema of that name.
  problems.push(...jointProblems({ ...(settings as Partial<Settings>), isProduction }))
  if (problems.length > 0) throw new ConfigError(problems.join("\n"))
  // Without problems, it has filled every name of the table.
  return Object.freeze({ ...(settings as unknown as Settings), isProduction })
}

/** What is wrong with settings taken together; those that are wrong by themselves are missing. */
function jointProblems(config: Partial<Config>): readonly string[] {
  const { CHAT_PING_PERIOD: period } = config
  const silences = ["CHAT_PONG_WAIT", "CHAT_READ_TIMEOUT"] as const
  const tooShort = silences.filter((name) => {
    const { [name]: silence } = config
    return silence !== undefined && period !== undefined && silence <= period
  })
  const isTrusting = config.CHAT_TRUST_CLIENT_IDS === true && config.isProduction === true
  return [
    ...tooShort.map((name) => `${name}: must be longer than CHAT_PING_PERIOD`),
    ...(isTrusting
      ? ["CHAT_TRUST_CLIENT_IDS: must be false in production: everybody could be anybody"]
      : []),
    ...externalProblems(config),
    ...clusterProblems(config),
    ...uploadProblems(config),
  ]
}

function clusterProblems(config: Partial<Config>): readonly string[] {
  if (config.REDIS_URL === null) return []
  return [
    ...(config.DATABASE_URL === null
      ? ["REDIS_URL: DATABASE_URL must be set too: servers that hear each other share a database"]
      : []),
    ...(config.JWT_SECRET === null && config.isProduction === true
      ? [
          "JWT_SECRET: must be set in production, as REDIS_URL is: else the database and its backups hold the key",
        ]
      : []),
  ]
}
