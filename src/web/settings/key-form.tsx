import { useState } from "preact/hooks"
import type { Me } from "../../client/client"
import type { ApiNewKey } from "../../protocol/answers"
import type { KeyScope } from "../../protocol/entities"
import { focusFirstError, useSubmission } from "../sign-in/use-submission"
import { useClient } from "../state/client"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { Select, TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import { EXPIRIES, type Expiry, expiryDate } from "./key-expiry"

/** For admins to give. */
const SCOPES: readonly KeyScope[] = ["users", "rooms"]

export interface KeyFormProps {
  readonly me: Me
  readonly onMade: (key: ApiNewKey) => void
}

export function KeyForm({ me, onMade }: KeyFormProps) {
  const client = useClient()
  const [name, setName] = useState("")
  const [scopes, setScopes] = useState<readonly KeyScope[]>([])
  const [expiry, setExpiry] = useState<Expiry>("never")
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const words = t().settings
  const isMissing = name.trim() === ""

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    if (isMissing) {
      focusFirstError(form.current)
      return
    }
    const expiresAt = expiryDate(expiry, Date.now())
    void submit(async () =>
      onMade(
        await client.api.auth.createKey({
          name: name.trim(),
          scopes,
          ...(expiresAt === null ? {} : { expires_at: expiresAt }),
        }),
      ),
    )
  }

  return (
    <form ref={form} class="settings-form settings-card" noValidate onSubmit={onSubmit}>
      <div class="settings-columns">
        <Field
          label={words.keyName}
          hint={words.keyNameHint}
          error={wasChecked && isMissing ? words.keyNameNeeded : undefined}
        >
          <TextInput autocomplete="off" maxLength={100} value={name} onInput={setName} />
        </Field>
        <Field label={words.keyExpiry}>
          <Select
            value={expiry}
            options={EXPIRIES.map((value) => ({ value, label: words.keyExpiries[value] }))}
            onChange={setExpiry}
          />
        </Field>
      </div>
      {me.role === "admin" && (
        <fieldset class="segments">
          <legend class="field-label">{words.keyScopes}</legend>
          {SCOPES.map((scope) => (
            <Switch
              key={scope}
              label={words.scopes[scope]}
              isOn={scopes.includes(scope)}
              onChange={(isOn) =>
                setScopes(isOn ? [...scopes, scope] : scopes.filter((it) => it !== scope))
              }
            />
          ))}
        </fieldset>
      )}
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      <div class="settings-buttons">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {words.keyCreate}
        </Button>
      </div>
    </form>
  )
}
