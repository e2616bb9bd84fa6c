import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { createAccounts } from "../../src/auth/accounts"
import { createPasswords } from "../../src/auth/passwords"
import { createSessions } from "../../src/auth/sessions"
import { createTokens } from "../../src/auth/tokens"
import type { Actor } from "../../src/protocol/entities"
import { asSessionId } from "../../src/protocol/ids"
import { codeOf, openChat, type TestChat } from "../support/chat"
import { waitUntil } from "../support/wait"

const ORIGIN = { userAgent: "a browser", address: "192.0.2.1" }
const ANN = { username: "ann", password: "correct horse", email: null, displayName: null }

describe("logging in, while the password is still being looked at", () => {
  let house: TestChat
  /** Every look at a password waits for it, once the test has said so. */
  let gate: Promise<void>
  let looks: number

  beforeEach(async () => {
    house = await openChat()
    gate = Promise.resolve()
    looks = 0
  })
  afterEach(() => house.close())

  function openAccounts() {
    const { store, now, chat } = house
    const real = createPasswords({ memoryKib: 8, passes: 1 })
    const tokens = createTokens({ secret: randomBytes(32), accessTokenMs: 60_000, now })
    const newId = () => Bun.randomUUIDv7()
    const sessions = createSessions({ store, tokens, refreshTokenMs: 60_000, now, newId })
    return createAccounts({
      store,
      sessions,
      passwords: {
        hash: real.hash,
        async verify(password, stored) {
          const isRight = await real.verify(password, stored)
          if (looks++ === 0) await gate
          return isRight
        },
      },
      claims: {
        addUser: () => {
          throw new Error("nobody makes users here")
        },
      },
      registration: "open",
      attempts: { take: () => undefined },
      redeemInvite: chat.invites.redeem,
      now,
      newId,
    })
  }

  const sessionsOf = ({ user }: Actor) =>
    house.store.read(house.store.sessions.list(user.numericId, house.now()))

  const meanwhile: readonly [
    string,
    (accounts: ReturnType<typeof openAccounts>, ann: Actor) => Promise<void>,
  ][] = [
    [
      "given the password is changed, then nobody is in by the old one",
      (accounts, ann) =>
        accounts.changePassword(ann, { current: ANN.password, next: "another" }, ORIGIN),
    ],
    [
      "given the account is deleted, then no session is opened, nor their address kept",
      (_accounts, ann) => house.chat.users.deleteAccount(ann),
    ],
  ]
  test.each(meanwhile)("%s", async (_name, change) => {
    const accounts = openAccounts()
    const { user } = await accounts.register({ ...ANN, inviteCode: null }, ORIGIN)
    const via = { type: "session", sessionId: asSessionId("none"), expiresAt: 0 } as const
    const ann = { user, via }
    const opened = Promise.withResolvers<void>()
    gate = opened.promise

    const login = codeOf(accounts.login({ username: "ann" }, ANN.password, ORIGIN))
    await waitUntil("the password was looked at", () => looks > 0)
    await change(accounts, ann)
    opened.resolve()

    expect(await login).toBe("unauthorized")
    expect(await sessionsOf(ann)).toEqual([])
  })
})
