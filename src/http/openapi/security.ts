import type { Access } from "./operation"

/** The ways to say who one is, in the words of OpenAPI. See `auth/credentials.ts`. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token from registering, logging in or refreshing.",
  },
  apiKey: { type: "apiKey", in: "header", name: "x-api-key", description: "An API key." },
  cookie: {
    type: "apiKey",
    in: "cookie",
    name: "access_token",
    description: "Set by logging in. Counts where `Origin` is this server's or in `FRONTEND_URL`.",
  },
  gatewaySecret: {
    type: "apiKey",
    in: "header",
    name: "x-internal-api-key",
    description:
      "`INTERNAL_API_KEY`, known to trusted gateways. Goes with `x-user-id`, but where the server itself is spoken for.",
  },
  gatewayUser: {
    type: "apiKey",
    in: "header",
    name: "x-user-id",
    description: "Whom the gateway speaks for: an id, a username or a numeric id.",
  },
} as const

/** Any one of these; what stands together goes together. */
export const SECURITY = [
  { bearer: [] },
  { apiKey: [] },
  { cookie: [] },
  { gatewaySecret: [], gatewayUser: [] },
] as const

/** What a route asks for that does not ask for any one of these. */
export const SECURITY_OF: Readonly<Record<Access, readonly object[]>> = {
  open: [],
  late: [{}, ...SECURITY],
  gateway: [{ gatewaySecret: [], gatewayUser: [] }],
  internal: [{ gatewaySecret: [] }],
}
