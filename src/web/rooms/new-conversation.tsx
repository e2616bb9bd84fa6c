import { useState } from "preact/hooks"
import type { ApiProfile } from "../../protocol/answers"
import { LIMITS } from "../../protocol/limits"
import { useSubmission } from "../sign-in/use-submission"
import { useClient } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { PeoplePicker } from "./people-picker"

/** Opens the conversation with somebody, or with several; there is one for each set of people. */
export function NewConversationDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const [chosen, setChosen] = useState<readonly ApiProfile[]>([])
  const { isBusy, failure, submit } = useSubmission()
  const { rooms, app } = t()

  const start = () =>
    submit(async () => {
      const conversation = await client.api.conversations.open(chosen.map(({ id }) => id))
      onClose()
      navigate(pathTo.room(conversation.id))
    })

  const footer = (
    <>
      <Button onClick={onClose}>{app.cancel}</Button>
      <Button
        kind="primary"
        isBusy={isBusy}
        disabled={chosen.length === 0}
        onClick={() => void start()}
      >
        {rooms.start}
      </Button>
    </>
  )
  return (
    <Dialog title={rooms.newTitle} onClose={onClose} footer={footer}>
      <PeoplePicker
        label={rooms.to}
        chosen={chosen}
        onChange={setChosen}
        // Oneself is one of them.
        most={LIMITS.conversationPeopleMax - 1}
      />
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </Dialog>
  )
}
