import { ArrowLeft } from "lucide"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { IconButton } from "./icon-button"

/** On phones, where one sees the list or a room: back to the list. Elsewhere it isn't there. */
export function BackButton() {
  return (
    <span class="back-button">
      <IconButton icon={ArrowLeft} label={t().app.back} onClick={() => navigate(pathTo.home())} />
    </span>
  )
}
