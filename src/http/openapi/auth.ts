import { ApiKeySchema, NewApiKeySchema, SessionSchema, TokensSchema } from "../../protocol/answers"
import { empty, json, operations, page, type Success } from "./operation"

const tokens = (means: string): Success => ({
  ...json(TokensSchema, means),
  headers: { "Set-Cookie": "The access token as the cookie `access_token`, for pages." },
})

const COUNTED = "Counted per address and per account (`CHAT_AUTH_MAX_PER_MIN`)."

export const AUTH = operations({
  "POST /api/v1/auth/register": {
    id: "register",
    tag: "auth",
    summary: "Make an account",
    description: `Makes the account and logs in. ${COUNTED}`,
    access: "open",
    success: tokens("The account, and tokens of its first session."),
    errors: ["conflict", "forbidden", "invite_not_found", "banned"],
    example: { username: "ann", password: "correct horse", display_name: "Ann" },
  },
  "POST /api/v1/auth/login": {
    id: "login",
    tag: "auth",
    summary: "Log in",
    description: `Give either \`username\` or \`email\`. ${COUNTED}`,
    access: "open",
    success: tokens("Tokens of a new session."),
    errors: ["unauthorized"],
    example: { username: "ann", password: "correct horse" },
    fields: {
      username: "Whose account it is, by name, without regard to case.",
      email: "Whose account it is, by e-mail address.",
    },
  },
  "POST /api/v1/auth/refresh": {
    id: "refresh",
    tag: "auth",
    summary: "Get a fresh access token",
    description: "A refresh token works once. Used again, it ends its session.",
    access: "open",
    success: tokens("New tokens of the same session."),
    errors: ["unauthorized"],
    example: { refresh_token: "q1Zk3n0oT5m2v8bX7c4dW9eR6tYuIoPa" },
  },
  "POST /api/v1/auth/logout": {
    id: "logout",
    tag: "auth",
    summary: "End this session",
    description: "Its tokens are worth nothing from here on; its sockets close with 4102.",
    success: {
      ...empty("The session has ended."),
      headers: { "Set-Cookie": "Takes the cookie `access_token` away." },
    },
  },
  "GET /api/v1/auth/sessions": {
    id: "listSessions",
    tag: "auth",
    summary: "List my sessions",
    success: page(SessionSchema, "Sessions that have not ended, newest first."),
  },
  "DELETE /api/v1/auth/sessions/:id": {
    id: "endSession",
    tag: "auth",
    summary: "End one of my sessions",
    description: "Its sockets close with 4102.",
    success: empty("The session has ended."),
    errors: ["not_found"],
    fields: { id: "The session's id." },
  },
  "POST /api/v1/auth/password": {
    id: "changePassword",
    tag: "auth",
    summary: "Change my password",
    description: `Ends all other sessions. Not for keys. ${COUNTED}`,
    success: empty("The new password is in force."),
    example: { current_password: "correct horse", new_password: "battery staple" },
  },
  "POST /api/v1/auth/keys": {
    id: "createKey",
    tag: "auth",
    summary: "Make an API key",
    description: "It acts for its owner, sent as `x-api-key`. A key cannot make keys.",
    success: json(NewApiKeySchema, "The key, shown this once."),
    errors: ["conflict"],
    example: { name: "nightly report", expires_at: "2027-01-01T00:00:00Z" },
    fields: {
      name: "What the key is for.",
      expires_at: "When it ends; without it, never.",
    },
  },
  "GET /api/v1/auth/keys": {
    id: "listKeys",
    tag: "auth",
    summary: "List my API keys",
    success: page(ApiKeySchema, "Keys that have not ended, newest first; not the secrets."),
  },
  "DELETE /api/v1/auth/keys/:id": {
    id: "endKey",
    tag: "auth",
    summary: "End an API key",
    description: "Its sockets close with 4102.",
    success: empty("The key has ended."),
    errors: ["not_found"],
    fields: { id: "The key's id." },
  },
})
