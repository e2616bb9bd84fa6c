import { useState } from "preact/hooks"
import type { Login } from "../../client/client"
import { ParleyError } from "../../client/error"
import { useClient } from "../state/client"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { TextInput } from "../ui/input"
import { PasswordInput } from "./password-input"
import { focusFirstError, useSubmission } from "./use-submission"

/** By user name or address, which no name can look like. */
const whoIs = (name: string, password: string): Login =>
  name.includes("@") ? { email: name, password } : { username: name, password }

export function LoginForm() {
  const client = useClient()
  const [name, setName] = useState("")
  const [password, setPassword] = useState("")
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const { signIn } = t()
  const isWrong = failure instanceof ParleyError && failure.code === "unauthorized"

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    if (name.trim() === "" || password === "") focusFirstError(form.current)
    else void submit(() => client.login(whoIs(name.trim(), password)))
  }

  return (
    <form ref={form} class="sign-in-form" noValidate onSubmit={onSubmit}>
      <Field
        label={signIn.name}
        error={wasChecked && name.trim() === "" ? signIn.nameNeeded : undefined}
      >
        <TextInput
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          value={name}
          onInput={setName}
        />
      </Field>
      <Field
        label={signIn.password}
        error={
          wasChecked && password === ""
            ? signIn.passwordNeeded
            : isWrong
              ? signIn.wrongCredentials
              : undefined
        }
      >
        <PasswordInput autocomplete="current-password" value={password} onInput={setPassword} />
      </Field>
      {failure !== null && !isWrong && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      <Button kind="primary" type="submit" isBusy={isBusy}>
        {signIn.signIn}
      </Button>
    </form>
  )
}
