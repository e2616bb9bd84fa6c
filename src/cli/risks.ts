import { type Config, defaultOf } from "../config"

/** What in these settings is likely to be a mistake, in sentences for a log. */
export const risksOf = (config: Config): readonly string[] =>
  config.isProduction ? risksInProduction(config) : risksElsewhere(config)

/** Of no use in production, where the server does not start with it. */
const risksElsewhere = ({ CHAT_TRUST_CLIENT_IDS: trusts }: Config): readonly string[] =>
  trusts
    ? [
        "CHAT_TRUST_CLIENT_IDS is true: whoever reaches this server can be any of the users that it makes for them, without credentials; for demos and closed networks only",
      ]
    : []

function risksInProduction(config: Config): readonly string[] {
  const isLocal = ["127.0.0.1", "::1", "localhost"].includes(config.HOST)
  const risks: readonly (readonly [isSo: boolean, risk: string])[] = [
    [
      config.JWT_SECRET === null && config.DATABASE_URL !== null,
      "JWT_SECRET is unset: tokens are signed with the key kept in Postgres, which whoever reads the database or a backup of it has",
    ],
    [
      config.JWT_SECRET === null && config.DATABASE_URL === null,
      "JWT_SECRET is unset: tokens are signed with the key kept in DATA_DIR, which no other server knows and which is lost with it",
    ],
    [
      config.REDIS_URL !== null && config.UPLOADS_S3_BUCKET === null,
      "UPLOADS_S3_BUCKET is unset, and REDIS_URL is set: uploads are kept in DATA_DIR/uploads, which must be one folder that all servers share, or each has only those that came to it",
    ],
    [
      config.INTERNAL_API_KEY === null,
      "INTERNAL_API_KEY is unset: gateways are answered 401, and so is /metrics but from this machine",
    ],
    [
      config.FRONTEND_URL.join() === defaultOf("FRONTEND_URL", true),
      `FRONTEND_URL is unset: of web pages only those of ${config.FRONTEND_URL.join()} and of Parley's own origin may use it`,
    ],
    [
      config.CHAT_TRUST_PROXY === 0 && isLocal,
      `CHAT_TRUST_PROXY is 0 and HOST is ${config.HOST}: if a proxy brings the clients, all of them count as one address, and cookies are not marked Secure`,
    ],
    [
      config.CHAT_TRUST_PROXY === 0 && !isLocal,
      `CHAT_TRUST_PROXY is 0 and HOST is ${config.HOST}: clients that come straight here come without TLS, with passwords and tokens in the clear`,
    ],
  ]
  return risks.filter(([isSo]) => isSo).map(([, risk]) => risk)
}
