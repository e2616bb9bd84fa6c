import type { ComponentChildren } from "preact"
import { createContext } from "preact"
import { useContext, useId } from "preact/hooks"
import "./field.css"

export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with what stands in it; told at once. */
  readonly error?: string | undefined
  /** A `TextInput`, `TextArea` or `Select`, which finds its name here. */
  readonly children: ComponentChildren
}

/** What ties a control to its words. */
interface Control {
  readonly id: string
  readonly describedBy: string | undefined
  readonly isInvalid: boolean
}

const ControlContext = createContext<Control | null>(null)

/** Of the field around a control: its attributes. A control without a field brings its own name. */
export function useFieldAttributes() {
  const control = useContext(ControlContext)
  if (control === null) return {}
  return {
    id: control.id,
    "aria-describedby": control.describedBy,
    "aria-invalid": control.isInvalid,
  }
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const note = `${id}-note`
  const hasNote = hint !== undefined || error !== undefined
  const control: Control = {
    id,
    describedBy: hasNote ? note : undefined,
    isInvalid: error !== undefined,
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <ControlContext.Provider value={control}>{children}</ControlContext.Provider>
      {error !== undefined && (
        <p class="field-error" id={note} role="alert">
          {error}
        </p>
      )}
      {error === undefined && hint !== undefined && (
        <p class="field-hint" id={note}>
          {hint}
        </p>
      )}
    </div>
  )
}
