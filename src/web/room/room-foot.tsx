import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { Composer } from "../composer/composer"
import { useClient } from "../state/client"
import { roomName } from "../state/names"
import { isMemberOf } from "../state/rights"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { TypingLine } from "./typing-line"
import type { RoomStanding } from "./use-standing"

interface RoomFootProps {
  readonly room: RoomHandle
  readonly standing: RoomStanding
}

/** Below the messages: where one writes, or joins first. Who is muted is told so by the composer. */
export function RoomFoot({ room, standing }: RoomFootProps) {
  // Others are open to members only: that one is, may not be known yet.
  const isGuest = standing.room.type === "public" && !isMemberOf(standing)
  if (isGuest) return <JoinBar room={room} standing={standing} />
  return (
    <>
      <TypingLine room={room} />
      <Composer room={room} />
    </>
  )
}

/** Public rooms can be read before one is in them. */
function JoinBar({ room, standing }: RoomFootProps) {
  const client = useClient()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  async function join(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await client.api.rooms.join(room.id)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  const button = (
    <Button kind="primary" isBusy={isBusy} onClick={() => void join()}>
      {t().room.join}
    </Button>
  )
  return (
    <div class="room-note">
      <Banner kind={failure === null ? "info" : "danger"} action={button}>
        {failure === null ? t().room.joinToWrite(roomName(standing.view)) : wordsFor(failure)}
      </Banner>
    </div>
  )
}
