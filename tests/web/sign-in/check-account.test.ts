import { describe, expect, test } from "bun:test"
import { ParleyError } from "../../../src/client/error"
import { blameFields, checkAccount } from "../../../src/web/sign-in/check-account"
import { signIn as words } from "../../../src/web/strings/en/sign-in"

const WISH = { username: "ann", displayName: "", email: "", password: "12345678", inviteCode: "" }
const check = (part: Partial<typeof WISH>, needsInvite = false) =>
  checkAccount({ ...WISH, ...part }, { needsInvite, words })

describe("an account that somebody wants", () => {
  test.each(["ann", "a.b-c_9", "x".repeat(32)])("may be called %s", (username) => {
    expect(check({ username })).toEqual({})
  })

  test.each(["", "a", "x".repeat(33), "änn", "ann lee", "1234", "0a".repeat(16), "deleted-1"])(
    "may not be called %s",
    (username) => {
      expect(check({ username })).toEqual({ username: words.usernameShape })
    },
  )

  test("needs a password of 8 to 1024 characters, counted as people count", () => {
    expect(check({ password: "🔑".repeat(7) })).toEqual({ password: words.passwordTooShort })
    expect(check({ password: "🔑".repeat(8) })).toEqual({})
    expect(check({ password: "x".repeat(1024) })).toEqual({})
    expect(check({ password: "x".repeat(1025) })).toEqual({ password: words.passwordShape })
  })

  test("has an address or none, a name of up to 64 characters, and a code where that is needed", () => {
    expect(check({ email: "nowhere" })).toEqual({ email: words.emailShape })
    expect(check({ email: "ann@moor.example", displayName: "x".repeat(64) })).toEqual({})
    expect(check({ displayName: "x".repeat(65) })).toEqual({ displayName: words.displayNameShape })
    expect(check({}, true)).toEqual({ inviteCode: words.inviteNeeded })
  })
})

describe("what the server refuses of it", () => {
  const refused = (code: "conflict" | "invalid_request" | "invite_not_found", ...paths: string[]) =>
    blameFields(
      new ParleyError(code, "", { problems: paths.map((path) => ({ path, message: "" })) }),
      words,
    )

  test("is said at the field that it is about", () => {
    expect(refused("conflict", "username")).toEqual({ username: words.usernameTaken })
    expect(refused("conflict", "email")).toEqual({ email: words.emailTaken })
    expect(refused("invalid_request", "display_name", "password")).toEqual({
      displayName: words.displayNameShape,
      password: words.passwordShape,
    })
    expect(refused("invite_not_found")).toEqual({ inviteCode: words.inviteWrong })
  })

  test("is nobody's fault where no field is named, or where it was no refusal", () => {
    expect(refused("conflict")).toEqual({})
    expect(refused("conflict", "id")).toEqual({})
    expect(blameFields(new Error("boom"), words)).toEqual({})
  })
})
