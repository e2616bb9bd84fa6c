import { describe, expect, test } from "bun:test"
import { ConfigError, defaultOf, readConfig, VARIABLES, type VariableName } from "../src/config"
import { declaredRoutes } from "./support/documents"

function problemsOf(env: Readonly<Record<string, string>>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n")
    throw error
  }
  return []
}

describe("settings", () => {
  test("without any, all have safe defaults, and nothing can change them", () => {
    const config = readConfig({})

    expect(config).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      DATA_DIR: "./data",
      NODE_ENV: "development",
      CHAT_SERVER_NAME: "Parley",
      CHAT_WEB_CLIENT: true,
      LOG_LEVEL: "info",
      FRONTEND_URL: ["http://localhost:5173"],
      INTERNAL_API_KEY: null,
      JWT_SECRET: null,
      CHAT_TRUST_PROXY: 0,
      CHAT_DRAIN_SECONDS: 10,
      CHAT_PING_PERIOD: 54_000,
      CHAT_PONG_WAIT: 60_000,
      CHAT_READ_TIMEOUT: 60_000,
      CHAT_WRITE_TIMEOUT: 10_000,
      CHAT_WEBSOCKET_PATH: "/ws/chat",
      CHAT_SHOW_EMAILS: true,
      CHAT_AUTO_CREATE_ROOMS: true,
      CHAT_LINK_PREVIEWS: true,
      CHAT_TRUST_CLIENT_IDS: false,
      WS_NAMESPACE: "/chat",
      WS_ENABLE_METRICS: true,
      WS_ENABLE_HEARTBEAT: true,
      WS_HEARTBEAT_INTERVAL: 30_000,
      isProduction: false,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test.each([
    ["CHAT_MAX_MESSAGES_PER_MIN", 30, 60],
    ["CHAT_MAX_JOINS_PER_MIN", 10, 20],
    ["CHAT_MAX_TYPING_PER_MIN", 60, 120],
    ["CHAT_AUTH_MAX_PER_MIN", 10, 600],
    ["CHAT_HTTP_MAX_PER_MIN", 300, 300],
    ["CHAT_MAX_FRAMES_PER_SEC", 100, 100],
    ["CHAT_MAX_CONNECTIONS_PER_USER", 20, 20],
    ["CHAT_MAX_CONNECTIONS_PER_ADDRESS", 200, 200],
    ["CHAT_MAX_ROOMS_PER_USER", 10, 10],
    ["CHAT_MAX_MESSAGE_LENGTH", 4000, 4000],
  ] as const)("%s is %i in production and %i elsewhere", (name, production, elsewhere) => {
    expect(readConfig({ NODE_ENV: "production" })[name]).toBe(production)
    expect(readConfig({})[name]).toBe(elsewhere)
    expect(readConfig({ NODE_ENV: "test" })[name]).toBe(elsewhere)
    expect(readConfig({ NODE_ENV: "production", [name]: "7" })[name]).toBe(7)
    expect(readConfig({ [name]: "0" })[name]).toBe(0)
  })

  test("each default is one that could be written", () => {
    for (const name of Object.keys(VARIABLES) as VariableName[]) {
      for (const isProduction of [true, false]) {
        const text = defaultOf(name, isProduction)
        if (text === null) continue
        const NODE_ENV = isProduction ? "production" : "development"
        expect(readConfig({ NODE_ENV, [name]: text })).toEqual(readConfig({ NODE_ENV, [name]: "" }))
      }
    }
  })

  test("an empty variable is an unset one", () => {
    expect(readConfig({ PORT: "", JWT_SECRET: "", FRONTEND_URL: "", NODE_ENV: "" })).toEqual(
      readConfig({}),
    )
  })

  test.each([
    ["60s", 60_000],
    ["15m", 900_000],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
    ["250ms", 250],
    ["90", 90_000],
  ])("a duration of %s is %i ms", (text, milliseconds) => {
    expect(readConfig({ CHAT_ACCESS_TOKEN_TTL: text }).CHAT_ACCESS_TOKEN_TTL).toBe(milliseconds)
  })

  test("a duration of 0 is none, and pongs are waited for longer than pings are apart", () => {
    expect(problemsOf({ CHAT_PONG_WAIT: "0" })).toEqual(["CHAT_PONG_WAIT: must be longer than 0"])
    expect(problemsOf({ CHAT_PONG_WAIT: "54s" })).toEqual([
      "CHAT_PONG_WAIT: must be longer than CHAT_PING_PERIOD",
    ])
  })

  test("a silent socket is not closed before it was pinged, by whichever of the two settings", () => {
    expect(problemsOf({ CHAT_READ_TIMEOUT: "54s" })).toEqual([
      "CHAT_READ_TIMEOUT: must be longer than CHAT_PING_PERIOD",
    ])
    expect(problemsOf({ CHAT_PING_PERIOD: "60s" })).toEqual([
      "CHAT_PONG_WAIT: must be longer than CHAT_PING_PERIOD",
      "CHAT_READ_TIMEOUT: must be longer than CHAT_PING_PERIOD",
    ])
    expect(problemsOf({ CHAT_READ_TIMEOUT: "20s", CHAT_PING_PERIOD: "15s" })).toEqual([])
    expect(problemsOf({ CHAT_READ_TIMEOUT: "0" })).toEqual([
      "CHAT_READ_TIMEOUT: must be longer than 0",
    ])
    expect(problemsOf({ CHAT_WRITE_TIMEOUT: "0" })).toEqual([
      "CHAT_WRITE_TIMEOUT: must be longer than 0",
    ])
    expect(readConfig({ CHAT_WRITE_TIMEOUT: "2s" }).CHAT_WRITE_TIMEOUT).toBe(2_000)
  })

  test("a room whose maker names no max_users has 100, or what is set, from 2 to 1,000", () => {
    const name = "CHAT_DEFAULT_MAX_USERS"

    expect(readConfig({})[name]).toBe(100)
    expect(readConfig({ [name]: "2" })[name]).toBe(2)
    expect(readConfig({ [name]: "1000" })[name]).toBe(1000)
    for (const wrong of ["0", "1", "1001"]) {
      expect(problemsOf({ [name]: wrong })).toEqual([`${name}: must be from 2 to 1000`])
    }
  })

  test("a server's name is plain text of at most 64 characters, on one line", () => {
    const name = "CHAT_SERVER_NAME"

    expect(readConfig({ [name]: "  Tea & <Cake> 🫖 " })[name]).toBe("Tea & <Cake> 🫖")
    expect(readConfig({ [name]: "🫖".repeat(64) })[name]).toHaveLength(128)
    expect(problemsOf({ [name]: "x".repeat(65) })).toEqual([
      `${name}: must have at most 64 characters`,
    ])
    expect(problemsOf({ [name]: " " })).toEqual([`${name}: must not be blank`])
    for (const text of ["a\nb", "a\u0007b", "a\u2028b", "a\u202Eb"]) {
      expect(problemsOf({ [name]: text })).toEqual([
        `${name}: must be plain text, without control characters`,
      ])
    }
  })

  test("WS_HEARTBEAT_INTERVAL is milliseconds, as a bare number, from 1000 on", () => {
    const name = "WS_HEARTBEAT_INTERVAL"

    expect(readConfig({ [name]: "1000" })[name]).toBe(1000)
    expect(problemsOf({ [name]: "999" })).toEqual([`${name}: must be at least 1000`])
    expect(problemsOf({ [name]: "30s" })).toEqual([`${name}: must be a whole number`])
  })

  test.each([
    "CHAT_SHOW_EMAILS",
    "CHAT_AUTO_CREATE_ROOMS",
    "CHAT_TRUST_CLIENT_IDS",
    "WS_ENABLE_METRICS",
    "WS_ENABLE_HEARTBEAT",
  ] as const)("%s is true or false, or 1 or 0, and nothing else", (name) => {
    for (const yes of ["true", "1"]) expect(readConfig({ [name]: yes })[name]).toBe(true)
    for (const no of ["false", "0"]) expect(readConfig({ [name]: no })[name]).toBe(false)
    for (const wrong of ["yes", "on", "2", "maybe"]) {
      expect(problemsOf({ [name]: wrong })).toEqual([`${name}: must be true or false (or 1 or 0)`])
    }
  })

  test("production refuses CHAT_TRUST_CLIENT_IDS, and says why", () => {
    expect(problemsOf({ NODE_ENV: "production", CHAT_TRUST_CLIENT_IDS: "true" })).toEqual([
      "CHAT_TRUST_CLIENT_IDS: must be false in production: everybody could be anybody",
    ])
    expect(problemsOf({ NODE_ENV: "production", CHAT_TRUST_CLIENT_IDS: "false" })).toEqual([])
  })

  test.each(["CHAT_WEBSOCKET_PATH", "WS_NAMESPACE"] as const)("%s is a safe path", (name) => {
    for (const right of ["/ws/rooms", "/a", "/v1.0/chat_2-b"]) {
      expect(readConfig({ [name]: right })[name]).toBe(right)
    }
    const wrong = ["/", "chat", "/chat/", "//chat", "/a b", "/:id", "/*", "/a?b", "/a#b", "/../a"]
    for (const path of [...wrong, "/a/.", "/%61", "/a\\b", "/a\nb"]) {
      expect(problemsOf({ [name]: path }), path).toEqual([
        `${name}: must be a path like /ws/chat, of letters, digits and _ . -, with no / at its end`,
      ])
    }
    expect(problemsOf({ [name]: `/${"a".repeat(100)}` })).toHaveLength(1)
  })

  test("CHAT_WEBSOCKET_PATH is none of the server's own addresses, those of other protocols too", () => {
    const name = "CHAT_WEBSOCKET_PATH"
    const own = declaredRoutes()
      .map(({ path }) => path.replace(/:\w+|\*/g, "x").replace(/(.)\/$/, "$1"))
      .filter((path) => path !== "/" && path !== readConfig({})[name])
    const others = ["/api/v1/ws", "/chat/ws", "/ws", "/WS", "/socket.io", "/socket.io/x", "/stats"]

    expect(own.length).toBeGreaterThan(20)
    for (const path of [...own, ...others, "/websocket/stats", "/send-system-message", "/api"]) {
      expect(problemsOf({ [name]: path }), path).toEqual([
        `${name}: must not be one of the server's own addresses`,
      ])
    }
  })

  test.each([
    "parley",
    "mysql://parley:geheim@localhost/parley",
    "postgres://",
    "postgres://parley:geheim@localhost",
    "postgres://parley:geheim@localhost/",
    "postgres://parley:geheim@:nowhere/parley",
    // A password with a character that ends something in a URL, and so stands elsewhere in it.
    "postgres://parley:12/geheim@localhost/parley",
    "postgres://parley:12/geheim?@localhost/parley",
    "postgres://parley:12/geheim#@localhost/parley",
    "postgres://parley:12/geheim@localhost",
    "postgres://parley:%zz@localhost/parley",
    "postgres://%zz:geheim@localhost/parley",
    "postgres://parley:geheim@localhost/%zz",
  ])("DATABASE_URL %p is refused, and nothing of it is shown", (text) => {
    expect(problemsOf({ DATABASE_URL: text })).toEqual([
      "DATABASE_URL: must be a URL like postgres://user:password@host:5432/name",
    ])
  })

  test.each([
    "redis://127.0.0.1",
    "redis://redis:6379/3",
    "redis://:secret@[::1]:6379/",
    "rediss://ann:pa%2Fss@redis.example:6380/15",
  ])("%s is where Redis may be, for servers that share a database", (REDIS_URL) => {
    const problems = problemsOf({ REDIS_URL, DATABASE_URL: "postgres://localhost/parley" })

    expect(problems.filter((it) => it.startsWith("REDIS_URL"))).toEqual([])
  })

  test.each([
    "127.0.0.1:6379",
    "http://redis:6379",
    "redis://",
    "redis:///3",
    "redis://secret@redis/x",
    "redis://:secret@redis/3/4",
    "redis://:secret@redis/3?db=4",
  ])("%s is no URL of Redis, and is not shown: a password may be in it", (REDIS_URL) => {
    const problems = problemsOf({ REDIS_URL, DATABASE_URL: "postgres://localhost/parley" })

    expect(problems.filter((it) => it.startsWith("REDIS_URL"))).toEqual([
      "REDIS_URL: must be a URL like redis://user:password@host:6379/0, or rediss:// for TLS",
    ])
    expect(problems.join()).not.toContain("secret")
  })

  test("REDIS_URL needs DATABASE_URL, and in production JWT_SECRET, which the database would hold", () => {
    const REDIS_URL = "redis://redis"

    expect(problemsOf({ REDIS_URL })).toEqual([
      "REDIS_URL: DATABASE_URL must be set too: servers that hear each other share a database",
    ])
    expect(problemsOf({ REDIS_URL, NODE_ENV: "production" })).toEqual([
      "REDIS_URL: DATABASE_URL must be set too: servers that hear each other share a database",
      "JWT_SECRET: must be set in production, as REDIS_URL is: else the database and its backups hold the key",
    ])
  })

  test("REDIS_PREFIX is up to 64 characters that need no quoting", () => {
    expect(readConfig({}).REDIS_PREFIX).toBe("parley")
    expect(readConfig({ REDIS_PREFIX: "a".repeat(64) }).REDIS_PREFIX).toHaveLength(64)
    for (const wrong of ["a:b", "a b", "a*", "a".repeat(65)]) {
      expect(problemsOf({ REDIS_PREFIX: wrong }), wrong).toEqual([
        "REDIS_PREFIX: must be 1 to 64 of letters, digits and _ . -",
      ])
    }
  })

  test.each([
    "postgres://localhost/parley",
    "postgresql://u:p@db.example:6432/chat?sslmode=require",
    "postgres://u:1%2F2%40%3F%23@db.example/a%20b",
  ])("DATABASE_URL %p names a database", (text) => {
    expect(problemsOf({ DATABASE_URL: text })).toEqual([])
  })

  test.each(["2", "1001", "0", "ten"])("DATABASE_CONNECTIONS %p is refused", (text) => {
    expect(problemsOf({ DATABASE_CONNECTIONS: text })).toHaveLength(1)
  })

  test.each(["1.5h", "-1s", "1w", "s", "1 s", "1h30m", "9999999999s"])(
    "%p is no duration",
    (text) => {
      expect(problemsOf({ CHAT_PONG_WAIT: text })).toEqual([
        "CHAT_PONG_WAIT: must be a duration like 60s, 15m or 30d",
      ])
    },
  )

  test("all problems are named at once, and what is right is not", () => {
    const problems = problemsOf({
      PORT: "65536",
      HOST: "0.0.0.0",
      NODE_ENV: "staging",
      FRONTEND_URL: "https://chat.example/app",
      INTERNAL_API_KEY: "short",
      JWT_SECRET: "x".repeat(31),
      CHAT_MAX_ROOMS_PER_USER: "-1",
      CHAT_REGISTRATION: "maybe",
    })

    expect(problems.map((it) => it.split(":")[0])).toEqual([
      "PORT",
      "NODE_ENV",
      "FRONTEND_URL",
      "INTERNAL_API_KEY",
      "JWT_SECRET",
      "CHAT_REGISTRATION",
      "CHAT_MAX_ROOMS_PER_USER",
    ])
    expect(problems.join("\n")).not.toContain("short")
  })

  test("what is wrong with settings taken together is named along with the rest", () => {
    const problems = problemsOf({
      PORT: "65536",
      CHAT_PONG_WAIT: "10s",
      JWT_EXTERNAL_SECRET: "x".repeat(32),
      JWT_EXTERNAL_JWKS_URL: "https://app.example/keys",
    })

    expect(problems).toEqual([
      "PORT: must be at most 65535",
      "CHAT_PONG_WAIT: must be longer than CHAT_PING_PERIOD",
      "JWT_EXTERNAL_ISSUER: must be set too, as JWT_EXTERNAL_SECRET is",
      "JWT_EXTERNAL_AUDIENCE: must be set too, as JWT_EXTERNAL_SECRET is",
      "JWT_EXTERNAL_SECRET, JWT_EXTERNAL_JWKS_URL: set only one of them",
    ])
  })

  test("a bucket needs a key and its secret, and these are of no use without it; no secret is shown", () => {
    expect(problemsOf({ UPLOADS_S3_BUCKET: "files" })).toEqual([
      "UPLOADS_S3_ACCESS_KEY_ID: must be set, as UPLOADS_S3_BUCKET is",
      "UPLOADS_S3_SECRET_ACCESS_KEY: must be set, as UPLOADS_S3_BUCKET is",
    ])
    const key = { UPLOADS_S3_ACCESS_KEY_ID: "id", UPLOADS_S3_SECRET_ACCESS_KEY: "hush" }
    expect(problemsOf({ ...key, UPLOADS_S3_ENDPOINT: "https://s3.example" })).toEqual(
      ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "ENDPOINT"].map(
        (name) => `UPLOADS_S3_${name}: is of no use without UPLOADS_S3_BUCKET`,
      ),
    )
    const whole = { ...key, UPLOADS_S3_BUCKET: "files" }
    expect(problemsOf({ ...whole, UPLOADS_S3_ENDPOINT: "https://id:hush@s3.example" })).toEqual([
      "UPLOADS_S3_ENDPOINT: must be a URL of http or https, without a user name, a query or a fragment",
    ])
    expect(
      problemsOf({ ...whole, UPLOADS_S3_BUCKET: "a/b", UPLOADS_S3_PREFIX: "/a" }),
    ).toHaveLength(2)
    expect(readConfig(whole)).toMatchObject({ ...whole, UPLOADS_S3_REGION: "us-east-1" })
  })

  test("a setting that is wrong by itself counts as set, and is compared with nothing", () => {
    expect(problemsOf({ JWT_EXTERNAL_SECRET: "short", JWT_SECRET: "short" })).toEqual([
      "JWT_SECRET: must have at least 32 characters",
      "JWT_EXTERNAL_SECRET: must have at least 32 characters",
      "JWT_EXTERNAL_ISSUER: must be set too, as JWT_EXTERNAL_SECRET is",
      "JWT_EXTERNAL_AUDIENCE: must be set too, as JWT_EXTERNAL_SECRET is",
    ])
    expect(problemsOf({ CHAT_PONG_WAIT: "10s", CHAT_PING_PERIOD: "often" })).toEqual([
      "CHAT_PING_PERIOD: must be a duration like 60s, 15m or 30d",
    ])
    const both = { JWT_EXTERNAL_ISSUER: "x".repeat(256), JWT_EXTERNAL_AUDIENCE: "parley" }
    expect(problemsOf({ JWT_EXTERNAL_SECRET: "x".repeat(32), ...both })).toHaveLength(1)
  })

  test("origins are separated by commas, and are origins", () => {
    const { FRONTEND_URL } = readConfig({ FRONTEND_URL: "https://a.example, http://b.example:81" })

    expect(FRONTEND_URL).toEqual(["https://a.example", "http://b.example:81"])
    for (const wrong of ["*", "a.example", "https://a.example/", "https://a.example,", "null"]) {
      expect(problemsOf({ FRONTEND_URL: wrong })).not.toBeEmpty()
    }
  })

  test("an unknown variable is nobody's business", () => {
    expect(readConfig({ PATH: "/bin", CHAT_UNHEARD_OF: "1" })).toEqual(readConfig({}))
  })
})
