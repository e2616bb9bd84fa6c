import { Elysia } from "elysia"
import { z } from "zod"
import type { Accounts } from "../auth/accounts"
import type { Addressing, AddressSource } from "../auth/address"
import { ACCESS_COOKIE } from "../auth/credentials"
import type { Keys } from "../auth/keys"
import type { LoginOrigin, Sessions, TokenPair } from "../auth/sessions"
import type { ApiTokens } from "../protocol/answers"
import { asInviteCode, asKeyId, asSessionId } from "../protocol/ids"
import { presentApiKey, presentOwnUser, presentSession } from "../protocol/present"
import {
  ChangePasswordBody,
  CreateKeyBody,
  ListQuery,
  LoginBody,
  RefreshBody,
  RegisterBody,
} from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { pageByPlace } from "./paging"

export interface AuthRoutesDeps {
  readonly authentication: Authentication
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly keys: Keys
  readonly addressing: Addressing
}

const IdParams = z.object({ id: z.string() })

export function authRoutes(deps: AuthRoutesDeps) {
  const { authentication, accounts, sessions, keys, addressing } = deps

  const originOf = (request: Request, server: AddressSource | null): LoginOrigin => ({
    userAgent: request.headers.get("user-agent"),
    address: addressing.addressOf(request, server),
  })

  function withCookie(pair: TokenPair, request: Request, headers: ResponseHeaders): ApiTokens {
    headers["set-cookie"] = accessCookie(pair.accessToken, {
      seconds: pair.expiresInSeconds,
      isSecure: addressing.isSecure(request),
    })
    return presentTokens(pair)
  }

  return new Elysia({ prefix: "/auth" })
    .post(
      "/register",
      async ({ body, request, server, set }) => {
        const pair = await accounts.register(
          {
            username: body.username,
            password: body.password,
            email: body.email ?? null,
            displayName: body.display_name ?? null,
            inviteCode: body.invite_code === undefined ? null : asInviteCode(body.invite_code),
          },
          originOf(request, server),
        )
        return withCookie(pair, request, set.headers)
      },
      { body: RegisterBody },
    )
    .post(
      "/login",
      async ({ body, request, server, set }) => {
        const { username, email = "", password } = body
        const name = username === undefined ? { email } : { username }
        const origin = originOf(request, server)
        return withCookie(await accounts.login(name, password, origin), request, set.headers)
      },
      { body: LoginBody },
    )
    .post(
      "/refresh",
      async ({ body, request, set }) =>
        withCookie(await sessions.refresh(body.refresh_token), request, set.headers),
      { body: RefreshBody },
    )
    .use(authentication)
    .post("/logout", async ({ actor, request, set }) => {
      await sessions.logout(actor)
      const isSecure = addressing.isSecure(request)
      set.headers["set-cookie"] = accessCookie("", { seconds: 0, isSecure })
      set.status = 204
    })
    .get(
      "/sessions",
      async ({ actor, query, request, set }) => {
        const current = actor.via.type === "session" ? actor.via.sessionId : null
        const mine = await pageByPlace({ request, query, set }, (page) =>
          sessions.listSessions(actor, page),
        )
        return mine.map((session) => presentSession(session, current))
      },
      { query: ListQuery.omit({ query: true }) },
    )
    .delete(
      "/sessions/:id",
      async ({ actor, params, set }) => {
        await sessions.endOwnSession(actor, asSessionId(params.id))
        set.status = 204
      },
      { params: IdParams },
    )
    .post(
      "/password",
      async ({ actor, body, request, server, set }) => {
        const { current_password: current, new_password: next } = body
        await accounts.changePassword(actor, { current, next }, originOf(request, server))
        set.status = 204
      },
      { body: ChangePasswordBody },
    )
    .post(
      "/keys",
      ({ actor, body }) =>
        keys.createKey(actor, {
          name: body.name,
          scopes: body.scopes ?? [],
          expiresAt: body.expires_at === undefined ? null : Date.parse(body.expires_at),
        }),
      { body: CreateKeyBody },
    )
    .get(
      "/keys",
      async ({ actor, query, request, set }) => {
        const mine = await pageByPlace({ request, query, set }, (page) =>
          keys.listKeys(actor, page),
        )
        return mine.map(presentApiKey)
      },
      { query: ListQuery.omit({ query: true }) },
    )
    .delete(
      "/keys/:id",
      async ({ actor, params, set }) => {
        await keys.endKey(actor, asKeyId(params.id))
        set.status = 204
      },
      { params: IdParams },
    )
}

type ResponseHeaders = Record<string, string | number | undefined>

const presentTokens = (pair: TokenPair): ApiTokens => ({
  access_token: pair.accessToken,
  token_type: "Bearer",
  expires_in: pair.expiresInSeconds,
  refresh_token: pair.refreshToken,
  user: presentOwnUser(pair.user),
})

/** For pages of our own origin. Lax: other sites' forms and scripts do not carry it. */
function accessCookie(
  token: string,
  { seconds, isSecure }: { readonly seconds: number; readonly isSecure: boolean },
): string {
  const secure = isSecure ? "; Secure" : ""
  return `${ACCESS_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
}
