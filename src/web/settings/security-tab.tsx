import { PasswordForm } from "./password-form"
import { SessionList } from "./session-list"

/** Who gets in. */
export function SecurityTab() {
  return (
    <>
      <PasswordForm />
      <SessionList />
    </>
  )
}
