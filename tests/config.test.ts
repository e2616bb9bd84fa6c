import { describe, expect, test } from "bun:test"
import { ConfigError, defaultOf, readConfig, VARIABLES, type VariableName } from "../src/config"

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
      LOG_LEVEL: "info",
      FRONTEND_URL: ["http://localhost:5173"],
      INTERNAL_API_KEY: null,
      JWT_SECRET: null,
      CHAT_TRUST_PROXY: 0,
      CHAT_DRAIN_SECONDS: 10,
      CHAT_PING_PERIOD: 54_000,
      CHAT_PONG_WAIT: 60_000,
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

  test("given DATABASE_URL is set, then the server says that it does not speak it, and does not start", () => {
    expect(problemsOf({ DATABASE_URL: "postgres://localhost/parley" })).toEqual([
      "DATABASE_URL: Postgres is not spoken yet: leave it unset, for SQLite in DATA_DIR",
    ])
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
