import type { AuthSettings } from "./auth/auth"
import { externalIssuerOf } from "./auth/external/settings"
import type { Config } from "./config"

/** What the environment says about who may come in, for `createAuth`. */
export const authSettingsOf = (
  config: Config,
  { tokenSecret, passwordCost }: Pick<AuthSettings, "tokenSecret" | "passwordCost">,
): AuthSettings => ({
  tokenSecret,
  accessTokenMs: config.CHAT_ACCESS_TOKEN_TTL,
  refreshTokenMs: config.CHAT_REFRESH_TOKEN_TTL,
  passwordCost,
  registration: config.CHAT_REGISTRATION,
  origins: config.FRONTEND_URL,
  internalApiKey: config.INTERNAL_API_KEY,
  externalIssuer: externalIssuerOf(config),
  trustsClaims: config.CHAT_TRUST_CLIENT_IDS,
})
