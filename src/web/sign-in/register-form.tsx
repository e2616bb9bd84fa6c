import { useState } from "preact/hooks"
import type { NewAccount } from "../../client/client"
import { useClient } from "../state/client"
import { invitedBy } from "../state/invited-by"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { TextInput } from "../ui/input"
import { type AccountField, type AccountWish, blameFields, checkAccount } from "./check-account"
import { PasswordInput } from "./password-input"
import { focusFirstError, useSubmission } from "./use-submission"

const accountOf = (wish: AccountWish): NewAccount => ({
  username: wish.username,
  password: wish.password,
  ...(wish.email === "" ? {} : { email: wish.email }),
  ...(wish.displayName === "" ? {} : { displayName: wish.displayName }),
  ...(wish.inviteCode === "" ? {} : { inviteCode: wish.inviteCode }),
})

/** What is around a word was typed by the way; of a password everything counts. */
const trimmed = (wish: AccountWish): AccountWish => ({
  username: wish.username.trim(),
  displayName: wish.displayName.trim(),
  email: wish.email.trim(),
  inviteCode: wish.inviteCode.trim(),
  password: wish.password,
})

export interface RegisterFormProps {
  /** Of the address by which somebody came, else empty. */
  readonly inviteCode: string
  readonly needsInvite: boolean
}

export function RegisterForm({ inviteCode, needsInvite }: RegisterFormProps) {
  const client = useClient()
  const [typed, setTyped] = useState<AccountWish>({
    username: "",
    displayName: "",
    email: "",
    password: "",
    inviteCode,
  })
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const { signIn } = t()
  const wish = trimmed(typed)
  const found = wasChecked ? checkAccount(wish, { needsInvite, words: signIn }) : {}
  const blamed = blameFields(failure, signIn)
  const errors = { ...blamed, ...found }
  const bind = (field: AccountField) => ({
    value: typed[field],
    onInput: (value: string) => setTyped({ ...typed, [field]: value }),
  })

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    const wrong = checkAccount(wish, { needsInvite, words: signIn })
    if (Object.keys(wrong).length > 0) {
      focusFirstError(form.current)
      return
    }
    void submit(async () => {
      // The account is made by the invitation, which need not be taken up once more.
      invitedBy.value = wish.inviteCode === "" ? null : wish.inviteCode
      await client.register(accountOf(wish))
    })
  }

  return (
    <form ref={form} class="sign-in-form" noValidate onSubmit={onSubmit}>
      {(needsInvite || inviteCode !== "") && (
        <Field
          label={signIn.inviteCode}
          hint={needsInvite ? signIn.inviteHint : undefined}
          error={errors.inviteCode}
        >
          <TextInput name="invite" autocomplete="off" spellcheck={false} {...bind("inviteCode")} />
        </Field>
      )}
      <Field label={signIn.username} hint={signIn.usernameHint} error={errors.username}>
        <TextInput
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          {...bind("username")}
        />
      </Field>
      <Field label={signIn.password} hint={signIn.passwordHint} error={errors.password}>
        <PasswordInput autocomplete="new-password" {...bind("password")} />
      </Field>
      <Field label={signIn.displayName} hint={signIn.displayNameHint} error={errors.displayName}>
        <TextInput name="name" autocomplete="name" {...bind("displayName")} />
      </Field>
      <Field label={signIn.email} error={errors.email}>
        <TextInput type="email" name="email" autocomplete="email" {...bind("email")} />
      </Field>
      {failure !== null && Object.keys(blamed).length === 0 && (
        <Banner kind="danger">{wordsFor(failure)}</Banner>
      )}
      <Button kind="primary" type="submit" isBusy={isBusy}>
        {signIn.register}
      </Button>
    </form>
  )
}
