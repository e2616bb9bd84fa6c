import { t } from "../strings"
import "./spinner.css"

/** Something is under way; who shows it says what. */
export function Spinner({ size = 20 }: { readonly size?: number }) {
  return <span class="spinner" style={{ width: `${size}px`, height: `${size}px` }} />
}

/** In place of what is not there yet; shown once it has taken 150 ms. */
export function Waiting() {
  return (
    <div class="waiting" role="status">
      <Spinner />
      <span class="visually-hidden">{t().app.loading}</span>
    </div>
  )
}
