import { Upload } from "lucide"
import { t } from "../strings"
import { Icon } from "../ui/icon"

/** Over what files may be dropped onto; the pointer goes through it. */
export function DropOverlay({ over }: { readonly over: DOMRect }) {
  const place = {
    left: `${over.left}px`,
    top: `${over.top}px`,
    width: `${over.width}px`,
    height: `${over.height}px`,
  }
  return (
    <div class="drop-overlay" style={place}>
      <span class="drop-overlay-words">
        <Icon node={Upload} size={22} /> {t().composer.dropHere}
      </span>
    </div>
  )
}
