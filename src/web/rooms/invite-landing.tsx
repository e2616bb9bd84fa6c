import { MailX } from "lucide"
import { useEffect, useState } from "preact/hooks"
import { useClient } from "../state/client"
import { invitedBy } from "../state/invited-by"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { BackButton } from "../ui/back-button"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import { Waiting } from "../ui/spinner"
import "./invite-landing.css"

/** Where a link of an invitation leads: into its room, for whoever is signed in by then. */
export function InviteLanding({ code }: { readonly code: string }) {
  const client = useClient()
  const [failure, setFailure] = useState<unknown>(null)
  const [tries, setTries] = useState(0)
  const { rooms, app } = t()

  useEffect(() => {
    // Whose account was made by it is in that room already; the app goes there.
    if (invitedBy.peek() === code) return
    let isWanted = true
    setFailure(null)
    client.api.rooms.redeemInvite(code).then(
      (room) => isWanted && navigate(pathTo.room(room.id), { replace: true }),
      (error: unknown) => isWanted && setFailure(error),
    )
    return () => {
      isWanted = false
    }
  }, [client, code, tries])

  return (
    <>
      <h1 class="visually-hidden">{rooms.invitation}</h1>
      {failure === null ? (
        <Waiting />
      ) : (
        <div class="invite-failed">
          <BackButton />
          <EmptyState icon={MailX} title={rooms.acceptFailed}>
            <p role="alert">{wordsFor(failure)}</p>
            <p>{rooms.acceptHelp}</p>
            <Button kind="primary" onClick={() => setTries(tries + 1)}>
              {app.retry}
            </Button>
          </EmptyState>
        </div>
      )}
    </>
  )
}
