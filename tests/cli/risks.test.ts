import { describe, expect, test } from "bun:test"
import { risksOf } from "../../src/cli/risks"
import { readConfig } from "../../src/config"

const PRODUCTION = { NODE_ENV: "production" }
const COMPLETE = {
  ...PRODUCTION,
  JWT_SECRET: "x".repeat(32),
  INTERNAL_API_KEY: "x".repeat(16),
  FRONTEND_URL: "https://chat.example",
  CHAT_TRUST_PROXY: "1",
}
/** The variables that the warnings begin with. */
const named = (env: Record<string, string>) =>
  risksOf(readConfig(env)).map((risk) => /^[A-Z_]+/.exec(risk)?.[0])

describe("what production misses is said at start", () => {
  test("nothing where nothing is missing, and nothing in development", () => {
    expect(named(COMPLETE)).toEqual([])
    expect(named({})).toEqual([])
  })

  test("outside of production, that client ids are trusted", () => {
    expect(named({ CHAT_TRUST_CLIENT_IDS: "true" })).toEqual(["CHAT_TRUST_CLIENT_IDS"])
    expect(named({ CHAT_TRUST_CLIENT_IDS: "false" })).toEqual([])
  })

  test("all of it at once", () => {
    expect(named(PRODUCTION)).toEqual([
      "JWT_SECRET",
      "INTERNAL_API_KEY",
      "FRONTEND_URL",
      "CHAT_TRUST_PROXY",
    ])
  })

  test.each([["JWT_SECRET"], ["INTERNAL_API_KEY"], ["FRONTEND_URL"], ["CHAT_TRUST_PROXY"]])(
    "%s alone",
    (name) => {
      expect(named({ ...COMPLETE, [name]: "" })).toEqual([name])
    },
  )

  test.each([
    ["127.0.0.1", "all of them count as one address"],
    ["0.0.0.0", "without TLS"],
  ])("without a proxy that is believed, listening on %s: %s", (host, risk) => {
    const risks = risksOf(readConfig({ ...COMPLETE, CHAT_TRUST_PROXY: "0", HOST: host }))

    expect(risks).toHaveLength(1)
    expect(risks[0]).toContain(risk)
  })

  test.each([
    ["", "kept in DATA_DIR"],
    ["postgres://parley:xxx@localhost/parley", "kept in Postgres"],
  ])(
    "without JWT_SECRET and with DATABASE_URL %p, where the key of tokens is kept",
    (url, place) => {
      const risks = risksOf(readConfig({ ...COMPLETE, JWT_SECRET: "", DATABASE_URL: url }))

      expect(risks).toHaveLength(1)
      expect(risks[0]).toContain(place)
      expect(risks[0]).not.toContain("xxx")
    },
  )

  test("of several servers without a bucket, that they must share a folder of uploads", () => {
    const cluster = {
      ...COMPLETE,
      DATABASE_URL: "postgres://parley:xxx@localhost/parley",
      REDIS_URL: "redis://:xxx@localhost",
    }
    const bucket = {
      UPLOADS_S3_BUCKET: "files",
      UPLOADS_S3_ACCESS_KEY_ID: "key",
      UPLOADS_S3_SECRET_ACCESS_KEY: "xxx",
    }

    expect(named(cluster)).toEqual(["UPLOADS_S"])
    expect(risksOf(readConfig(cluster)).join()).not.toContain("xxx")
    expect(named({ ...cluster, ...bucket })).toEqual([])
  })

  test("no secret is repeated", () => {
    const risks = risksOf(readConfig({ ...COMPLETE, CHAT_TRUST_PROXY: "", FRONTEND_URL: "" }))

    expect(risks).toHaveLength(2)
    expect(risks.join()).not.toContain("xxx")
  })
})
