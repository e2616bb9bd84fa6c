import { Compass, type IconNode, PenLine, Plus } from "lucide"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { type RoomsDialog, roomsDialog } from "./rooms-dialog"
import "./start.css"

interface StepProps {
  readonly icon: IconNode
  readonly title: string
  readonly help: string
  readonly onClick: () => void
}

const Step = ({ icon, title, help, onClick }: StepProps) => (
  <button type="button" class="first-step" onClick={onClick}>
    <Icon node={icon} size={20} />
    <span>
      <b>{title}</b>
      <small>{help}</small>
    </span>
  </button>
)

/** What somebody can do who is in no room yet. */
export function FirstSteps() {
  const { rooms } = t()
  const ask = (dialog: RoomsDialog) => () => {
    roomsDialog.value = dialog
  }
  return (
    <div class="first-steps">
      <Step
        icon={Compass}
        title={rooms.find}
        help={rooms.findHelp}
        onClick={() => navigate(pathTo.directory())}
      />
      <Step
        icon={PenLine}
        title={rooms.write}
        help={rooms.writeHelp}
        onClick={ask("conversation")}
      />
      <Step icon={Plus} title={rooms.create} help={rooms.createHelp} onClick={ask("create")} />
    </div>
  )
}
