import { useClient } from "../state/client"
import { personName } from "../state/names"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Button } from "../ui/button"
import { Named } from "./named"
import { PagedList } from "./paged-list"
import { useOwnList } from "./use-own-list"

/** People who can't write to one. They are blocked from their profile, and let go here. */
export function BlockedTab() {
  const client = useClient()
  const list = useOwnList((cursor) => client.api.users.blocks({ cursor }))
  const words = t().settings
  return (
    <>
      <p class="field-hint">{words.blockedHelp}</p>
      <PagedList list={list} none={words.blockedNone}>
        {(user) => (
          <div class="settings-row">
            <Avatar profile={user} size={32} />
            <span class="settings-row-words">
              <b>{personName(user)}</b>
              <small>@{user.username}</small>
            </span>
            <Button
              isBusy={list.busyId === user.id}
              onClick={() => void list.remove(user.id, () => client.api.users.unblock(user.id))}
            >
              <Named shown={words.unblock} name={words.unblockOf(personName(user))} />
            </Button>
          </div>
        )}
      </PagedList>
    </>
  )
}
