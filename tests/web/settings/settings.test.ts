import { describe, expect, test } from "bun:test"
import type { Me } from "../../../src/client/client"
import { ParleyError } from "../../../src/client/error"
import { EXAMPLES } from "../../../src/protocol/answer-examples"
import { deviceOf } from "../../../src/web/settings/device"
import { expiryDate } from "../../../src/web/settings/key-expiry"
import {
  checkPassword,
  checkProfile,
  isWrongPassword,
  profileChange,
  wishOf,
} from "../../../src/web/settings/profile-change"
import { settingsTab } from "../../../src/web/settings/settings-tab"
import { signIn as words } from "../../../src/web/strings/en/sign-in"

const me: Me = { ...EXAMPLES.User, username: "ann", display_name: "Ann", email: "ann@chat.example" }

describe("a changed profile", () => {
  test("sends what was changed alone", () => {
    expect(profileChange(me, wishOf(me))).toBeNull()
    expect(profileChange(me, { ...wishOf(me), username: "anna" })).toEqual({ username: "anna" })
  })

  test("takes away what was emptied", () => {
    const change = profileChange(me, { ...wishOf(me), displayName: " ", email: "" })

    expect(change).toEqual({ display_name: null, email: null })
  })

  test("says at the field what the server would refuse, and nothing of a password", () => {
    expect(checkProfile(wishOf(me), words)).toEqual({})
    expect(checkProfile({ username: "7", displayName: "x".repeat(65), email: "@" }, words)).toEqual(
      {
        username: words.usernameShape,
        displayName: words.displayNameShape,
        email: words.emailShape,
      },
    )
  })
})

test("a new password is looked at before it is sent, and a wrong current one is told apart", () => {
  expect(checkPassword("7 chars", words)).toBe(words.passwordTooShort)
  expect(checkPassword("8 chars!", words)).toBeUndefined()
  expect(isWrongPassword(new ParleyError("forbidden", ""))).toBe(true)
  expect(isWrongPassword(new ParleyError("rate_limited", ""))).toBe(false)
})

test("an address of settings that is none shows the first", () => {
  expect(settingsTab("keys")).toBe("keys")
  expect(settingsTab("nonsense")).toBe("profile")
})

test("a key ends after 30, 90 or 365 days, or never", () => {
  const now = Date.parse("2026-01-01T00:00:00.000Z")

  expect(expiryDate("never", now)).toBeNull()
  expect(expiryDate("month", now)).toBe("2026-01-31T00:00:00.000Z")
  expect(expiryDate("quarter", now)).toBe("2026-04-01T00:00:00.000Z")
  expect(expiryDate("year", now)).toBe("2027-01-01T00:00:00.000Z")
})

describe("a session's device", () => {
  test.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
      "Chrome on Linux",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari on iPhone",
    ],
    ["Mozilla/5.0 (Android 15; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Firefox on Android"],
  ])("%s", (userAgent, name) => {
    const device = deviceOf(userAgent)

    expect(`${device?.browser} on ${device?.system}`).toBe(name)
  })

  test("is not guessed where it says nothing that we know", () => {
    expect(deviceOf("curl/8.5.0")).toBeNull()
    expect(deviceOf(null)).toBeNull()
  })
})
