import { useRef, useState } from "preact/hooks"

/** The first field of a form that is said to be wrong gets the focus, once that is drawn. */
export function focusFirstError(form: HTMLFormElement | null): void {
  requestAnimationFrame(() =>
    form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus({ preventScroll: false }),
  )
}

/** A form that sends something: once at a time, and what it fails with is kept to be shown. */
export function useSubmission() {
  const form = useRef<HTMLFormElement>(null)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  async function submit(task: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await task()
    } catch (error) {
      setFailure(error)
      focusFirstError(form.current)
    } finally {
      setBusy(false)
    }
  }

  return { form, isBusy, failure, submit }
}
