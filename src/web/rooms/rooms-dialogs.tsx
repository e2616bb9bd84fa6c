import { CreateRoomDialog } from "./create-room"
import { NewConversationDialog } from "./new-conversation"
import { roomsDialog } from "./rooms-dialog"

/** Whichever of the two is asked for. */
export function RoomsDialogs() {
  const close = () => {
    roomsDialog.value = null
  }
  switch (roomsDialog.value) {
    case "create":
      return <CreateRoomDialog onClose={close} />
    case "conversation":
      return <NewConversationDialog onClose={close} />
    case null:
      return null
  }
}
