import type { Me } from "../../client/client"
import { ParleyError } from "../../client/error"
import { checkAccount, type FieldErrors } from "../sign-in/check-account"
import type { Strings } from "../strings"

export interface ProfileWish {
  readonly username: string
  readonly displayName: string
  readonly email: string
}

export const wishOf = ({ username, display_name, email }: Me): ProfileWish => ({
  username,
  displayName: display_name ?? "",
  email: email ?? "",
})

/** What has changed, as the server is told of it; null: nothing. An empty field takes away. */
export function profileChange(me: Me, wish: ProfileWish) {
  const before = wishOf(me)
  const change = {
    ...(wish.username === before.username ? {} : { username: wish.username }),
    ...(wish.displayName === before.displayName
      ? {}
      : { display_name: wish.displayName.trim() || null }),
    ...(wish.email === before.email ? {} : { email: wish.email.trim() || null }),
  }
  return Object.keys(change).length === 0 ? null : change
}

/** What of it the server would refuse, by field. */
export function checkProfile(wish: ProfileWish, words: Strings["signIn"]): FieldErrors {
  const { password: _password, ...errors } = checkAccount(
    { ...wish, email: wish.email.trim(), password: "", inviteCode: "" },
    { needsInvite: false, words },
  )
  return errors
}

/** What is wrong with a new password; it is asked for with the one of before. */
export function checkPassword(password: string, words: Strings["signIn"]): string | undefined {
  const account = { username: "anybody", displayName: "", email: "", password, inviteCode: "" }
  return checkAccount(account, { needsInvite: false, words }).password
}

/** Whether the server refused it because the current password is another one. */
export const isWrongPassword = (error: unknown): boolean =>
  error instanceof ParleyError && error.code === "forbidden"
