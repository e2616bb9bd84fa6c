import { Copy } from "lucide"
import { useEffect, useRef } from "preact/hooks"
import { showError, showToast } from "../state/toasts"
import { t } from "../strings"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"

export interface NewKeyProps {
  readonly secret: string
  readonly onDone: () => void
}

/** The one time that a key is to be seen. */
export function NewKey({ secret, onDone }: NewKeyProps) {
  const copyButton = useRef<HTMLButtonElement>(null)
  const { settings: words, app } = t()
  useEffect(() => copyButton.current?.focus(), [])

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret)
      showToast(app.copied)
    } catch (error) {
      showError(error)
    }
  }

  return (
    <section class="settings-card settings-form" aria-labelledby="new-key">
      <h2 id="new-key">{words.keyCreated}</h2>
      <p class="field-hint">{words.keyCreatedHelp}</p>
      <code class="new-key">{secret}</code>
      <div class="settings-buttons">
        <Button kind="primary" buttonRef={copyButton} onClick={() => void copy()}>
          <Icon node={Copy} />
          {app.copy}
        </Button>
        <Button onClick={onDone}>{words.keyDone}</Button>
      </div>
    </section>
  )
}
