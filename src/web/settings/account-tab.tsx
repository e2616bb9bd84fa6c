import { useState } from "preact/hooks"
import type { Me } from "../../client/client"
import { focusFirstError, useSubmission } from "../sign-in/use-submission"
import { useClient } from "../state/client"
import { signOut } from "../state/sign-out"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { TextInput } from "../ui/input"

/** The end of the account. Typed, not pressed: nobody gets here by a slip. */
export function AccountTab({ me }: { readonly me: Me }) {
  const client = useClient()
  const [typed, setTyped] = useState("")
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const words = t().settings
  const isSure = typed.trim() === me.username

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    if (!isSure) {
      focusFirstError(form.current)
      return
    }
    void submit(async () => {
      await client.api.users.deleteMe()
      await signOut(client)
    })
  }

  return (
    <section class="settings-part">
      <h2>{words.deleteTitle}</h2>
      <p>{words.deleteHelp}</p>
      <form ref={form} class="settings-form" noValidate onSubmit={onSubmit}>
        <Field
          label={words.deleteConfirm(me.username)}
          error={wasChecked && !isSure ? words.deleteMismatch : undefined}
        >
          <TextInput autocomplete="off" autocapitalize="none" value={typed} onInput={setTyped} />
        </Field>
        {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
        <div class="settings-buttons">
          <Button type="submit" kind="danger" isBusy={isBusy}>
            {words.deleteNow}
          </Button>
        </div>
      </form>
    </section>
  )
}
