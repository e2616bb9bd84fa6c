import { useClient } from "../state/client"
import { forgetAll } from "../state/kept"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { signingOut } from "./palette-state"

/** Ends the session, and forgets what was written and looked for here. */
export function SignOutDialog() {
  const client = useClient()
  const words = t().rooms

  async function signOut(): Promise<void> {
    forgetAll("draft")
    forgetAll("searches")
    await client.logout()
    navigate(pathTo.home(), { replace: true })
  }

  return (
    <ConfirmDialog
      title={words.signOutTitle}
      text={words.signOutText}
      confirm={words.signOut}
      onConfirm={signOut}
      onClose={() => {
        signingOut.value = false
      }}
    />
  )
}
