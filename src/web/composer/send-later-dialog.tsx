import { useId, useState } from "preact/hooks"
import { t } from "../strings"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { Field } from "../ui/field"
import { TextArea, TextInput } from "../ui/input"
import { readLocalInput, toLocalInput } from "./send-times"

interface SendLaterDialogProps {
  /** Of a message that waits already: it can be changed too. */
  readonly content?: string
  readonly at?: Date
  readonly onChoose: (at: Date, content: string) => void
  readonly onClose: () => void
}

const inAnHour = () => new Date(Date.now() + 3_600_000)

/** Asks when a message is to be sent. */
export function SendLaterDialog({ content, at, onChoose, onClose }: SendLaterDialogProps) {
  const [when, setWhen] = useState(() => toLocalInput(at ?? inAnHour()))
  const [text, setText] = useState(content ?? "")
  const [error, setError] = useState<string | undefined>(undefined)
  const form = useId()
  const words = t().composer.later
  const choose = () => {
    const chosen = readLocalInput(when, new Date())
    if (typeof chosen === "string") return setError(words[chosen])
    onChoose(chosen, text.trim())
  }
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t().app.cancel}</Button>
          <Button kind="primary" onClick={choose}>
            {words.schedule}
          </Button>
        </>
      }
    >
      <form
        id={form}
        class="send-later"
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          choose()
        }}
      >
        {content !== undefined && (
          <Field label={words.text}>
            <TextArea value={text} onInput={setText} rows={4} />
          </Field>
        )}
        <Field label={words.when} error={error}>
          <TextInput
            type="datetime-local"
            value={when}
            min={toLocalInput(new Date())}
            onInput={setWhen}
          />
        </Field>
      </form>
    </Dialog>
  )
}
