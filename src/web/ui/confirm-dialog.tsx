import { useState } from "preact/hooks"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "./banner"
import { Button } from "./button"
import { Dialog } from "./dialog"

export interface ConfirmDialogProps {
  readonly title: string
  readonly text: string
  /** What the button says that does it: a verb. */
  readonly confirm: string
  readonly isDanger?: boolean
  /** While it is under way the button turns; what it throws is shown, and one may try again. */
  readonly onConfirm: () => void | Promise<void>
  readonly onClose: () => void
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, confirm, isDanger = false, onConfirm, onClose } = props
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  async function act(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  const footer = (
    <>
      <Button onClick={onClose}>{t().app.cancel}</Button>
      <Button kind={isDanger ? "danger" : "primary"} isBusy={isBusy} onClick={() => void act()}>
        {confirm}
      </Button>
    </>
  )
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <p>{text}</p>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </Dialog>
  )
}
