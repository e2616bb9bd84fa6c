import { useState } from "preact/hooks"
import type { Me } from "../../client/client"
import { blameFields } from "../sign-in/check-account"
import { focusFirstError, useSubmission } from "../sign-in/use-submission"
import { useClient } from "../state/client"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { TextInput } from "../ui/input"
import { AvatarField } from "./avatar-field"
import { checkProfile, type ProfileWish, profileChange, wishOf } from "./profile-change"

/** How others see one. */
export function ProfileTab({ me }: { readonly me: Me }) {
  const client = useClient()
  const [wish, setWish] = useState<ProfileWish>(wishOf(me))
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const { settings: words, signIn, app } = t()
  const blamed = failure === null ? {} : blameFields(failure, signIn)
  const errors = { ...blamed, ...(wasChecked ? checkProfile(wish, signIn) : {}) }
  const change = profileChange(me, wish)
  const set = (part: Partial<ProfileWish>) => setWish({ ...wish, ...part })

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    if (Object.keys(checkProfile(wish, signIn)).length > 0) {
      focusFirstError(form.current)
      return
    }
    if (change === null) return
    void submit(async () => {
      setWish(wishOf(await client.api.users.updateMe(change)))
      showToast(words.saved)
    })
  }

  return (
    <>
      <AvatarField me={me} />
      <form ref={form} class="settings-form" noValidate onSubmit={onSubmit}>
        <Field label={words.displayName} hint={words.displayNameHint} error={errors.displayName}>
          <TextInput
            autocomplete="name"
            value={wish.displayName}
            onInput={(displayName) => set({ displayName })}
          />
        </Field>
        <Field label={words.username} hint={words.usernameHint} error={errors.username}>
          <TextInput
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            value={wish.username}
            onInput={(username) => set({ username })}
          />
        </Field>
        <Field label={words.email} hint={words.emailHint} error={errors.email}>
          <TextInput
            type="email"
            autocomplete="email"
            value={wish.email}
            onInput={(email) => set({ email })}
          />
        </Field>
        {failure !== null && Object.keys(blamed).length === 0 && (
          <Banner kind="danger">{wordsFor(failure)}</Banner>
        )}
        <div class="settings-buttons">
          <Button kind="primary" type="submit" isBusy={isBusy} disabled={change === null}>
            {app.save}
          </Button>
        </div>
      </form>
    </>
  )
}
