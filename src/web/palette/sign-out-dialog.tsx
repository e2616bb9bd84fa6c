import { useClient } from "../state/client"
import { signOut } from "../state/sign-out"
import { t } from "../strings"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { signingOut } from "./palette-state"

/** Asks once more: what is kept here goes. */
export function SignOutDialog() {
  const client = useClient()
  const words = t().rooms

  return (
    <ConfirmDialog
      title={words.signOutTitle}
      text={words.signOutText}
      confirm={words.signOut}
      onConfirm={() => signOut(client)}
      onClose={() => {
        signingOut.value = false
      }}
    />
  )
}
