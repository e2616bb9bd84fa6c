import { useState } from "preact/hooks"
import { PasswordInput } from "../sign-in/password-input"
import { focusFirstError, useSubmission } from "../sign-in/use-submission"
import { useClient } from "../state/client"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { checkPassword, isWrongPassword } from "./profile-change"

export function PasswordForm() {
  const client = useClient()
  const [current, setCurrent] = useState("")
  const [next, setNext] = useState("")
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const { settings: words, signIn } = t()
  const isWrong = isWrongPassword(failure)

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    if (checkPassword(next, signIn) !== undefined) {
      focusFirstError(form.current)
      return
    }
    void submit(async () => {
      await client.api.auth.changePassword({ current_password: current, new_password: next })
      setCurrent("")
      setNext("")
      setChecked(false)
      showToast(words.passwordChanged)
    })
  }

  return (
    <section class="settings-part">
      <h2>{words.password}</h2>
      <p class="field-hint">{words.passwordHelp}</p>
      <form ref={form} class="settings-form" noValidate onSubmit={onSubmit}>
        <Field label={words.currentPassword} error={isWrong ? words.passwordWrong : undefined}>
          <PasswordInput autocomplete="current-password" value={current} onInput={setCurrent} />
        </Field>
        <Field
          label={words.newPassword}
          hint={signIn.passwordHint}
          error={wasChecked ? checkPassword(next, signIn) : undefined}
        >
          <PasswordInput autocomplete="new-password" value={next} onInput={setNext} />
        </Field>
        {failure !== null && !isWrong && <Banner kind="danger">{wordsFor(failure)}</Banner>}
        <div class="settings-buttons">
          <Button type="submit" kind="primary" isBusy={isBusy} disabled={current === ""}>
            {words.changePassword}
          </Button>
        </div>
      </form>
    </section>
  )
}
