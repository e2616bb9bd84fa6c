import { X } from "lucide"
import { dismissToast, type Toast, toasts } from "../state/toasts"
import { t } from "../strings"
import { IconButton } from "./icon-button"
import "./toasts.css"

/** What is said in passing. Both regions are always there: only then is what comes into them read. */
export function Toasts() {
  const errors = toasts.value.filter((it) => it.isError)
  const others = toasts.value.filter((it) => !it.isError)
  return (
    <section class="toasts" aria-label={t().app.notifications}>
      <div aria-live="assertive">{errors.map(showOne)}</div>
      <div aria-live="polite">{others.map(showOne)}</div>
    </section>
  )
}

const showOne = ({ id, text, isError }: Toast) => (
  <div key={id} class={isError ? "toast toast-error" : "toast"}>
    <span>{text}</span>
    <IconButton icon={X} label={t().app.dismiss} onClick={() => dismissToast(id)} />
  </div>
)
