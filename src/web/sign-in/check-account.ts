import { ParleyError } from "../../client/error"
import { LIMITS } from "../../protocol/limits"
import type { Strings } from "../strings"

export interface AccountWish {
  readonly username: string
  readonly displayName: string
  readonly email: string
  readonly password: string
  readonly inviteCode: string
}

export type AccountField = keyof AccountWish
export type FieldErrors = Readonly<Partial<Record<AccountField, string>>>

type Words = Strings["signIn"]

const PASSWORD_CHARS_MIN = 8
const PASSWORD_CHARS_MAX = 1024

/** As the server has it (protocol/requests.ts): there it is checked, here it is said sooner. */
const isUsername = (name: string) =>
  /^[A-Za-z0-9_.-]{2,32}$/.test(name) && !/^(\d+|[0-9a-f]{32}|deleted-\d+)$/i.test(name)

const lengthOf = (text: string) => [...text].length

/** What of it the server would refuse, by field; nothing: it may be sent. */
export function checkAccount(
  wish: AccountWish,
  { needsInvite, words }: { readonly needsInvite: boolean; readonly words: Words },
): FieldErrors {
  const length = lengthOf(wish.password)
  const checks: readonly (readonly [AccountField, boolean, string])[] = [
    ["username", isUsername(wish.username), words.usernameShape],
    [
      "displayName",
      lengthOf(wish.displayName) <= LIMITS.displayNameCharsMax,
      words.displayNameShape,
    ],
    ["email", wish.email === "" || /^\S+@\S+\.\S+$/.test(wish.email), words.emailShape],
    ["password", length >= PASSWORD_CHARS_MIN, words.passwordTooShort],
    ["password", length <= PASSWORD_CHARS_MAX, words.passwordShape],
    ["inviteCode", wish.inviteCode !== "" || !needsInvite, words.inviteNeeded],
  ]
  return Object.fromEntries(
    checks.filter(([, isRight]) => !isRight).map(([field, , text]) => [field, text]),
  )
}

const FIELDS: Readonly<Record<string, AccountField>> = {
  username: "username",
  display_name: "displayName",
  email: "email",
  password: "password",
  invite_code: "inviteCode",
}

/** Where the server says what is wrong with which field, in our words; else nothing. */
export function blameFields(error: unknown, words: Words): FieldErrors {
  if (!(error instanceof ParleyError)) return {}
  if (error.code === "invite_not_found") return { inviteCode: words.inviteWrong }
  const taken: FieldErrors = { username: words.usernameTaken, email: words.emailTaken }
  const shapes: FieldErrors = {
    username: words.usernameShape,
    displayName: words.displayNameShape,
    email: words.emailShape,
    password: words.passwordShape,
    inviteCode: words.inviteWrong,
  }
  const sayings = error.code === "conflict" ? taken : shapes
  const blamed = error.problems.flatMap(({ path }) => {
    const field = FIELDS[path]
    const saying = field === undefined ? undefined : sayings[field]
    return field === undefined || saying === undefined ? [] : [[field, saying] as const]
  })
  return Object.fromEntries(blamed)
}
