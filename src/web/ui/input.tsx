import {
  h,
  type LooseInputHTMLAttributes,
  type Ref,
  type TargetedInputEvent,
  type TextareaHTMLAttributes,
} from "preact"
import { useFieldAttributes } from "./field"
import "./field.css"

export interface TextInputProps
  extends Omit<
    LooseInputHTMLAttributes<HTMLInputElement>,
    "value" | "onInput" | "class" | "ref" | "type"
  > {
  readonly type?: "text" | "password" | "search" | "email" | "url" | "number" | "datetime-local"
  readonly value: string
  readonly onInput: (value: string) => void
  readonly inputRef?: Ref<HTMLInputElement>
}

/** One line of text. Within a `Field`, or with an `aria-label`. */
export function TextInput({ value, onInput, inputRef = null, ...rest }: TextInputProps) {
  const field = useFieldAttributes()
  // As a call: the types of the element know each `type` by itself, not one of several.
  return h("input", {
    type: "text",
    ...field,
    ...rest,
    ref: inputRef,
    class: "input",
    value,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onInput(event.currentTarget.value),
  })
}

export interface TextAreaProps
  extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "value" | "onInput" | "class" | "ref"> {
  readonly value: string
  readonly onInput: (value: string) => void
  readonly inputRef?: Ref<HTMLTextAreaElement>
}

export function TextArea({ value, onInput, inputRef = null, ...rest }: TextAreaProps) {
  const field = useFieldAttributes()
  return (
    <textarea
      {...field}
      {...rest}
      ref={inputRef}
      class="input"
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  )
}

export interface SelectProps<T extends string> {
  /** Where there is no `Field` around it. */
  readonly "aria-label"?: string
  readonly disabled?: boolean
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
}

export function Select<T extends string>({ value, options, onChange, ...rest }: SelectProps<T>) {
  const field = useFieldAttributes()
  return (
    <select
      {...field}
      {...rest}
      class="input"
      value={value}
      onChange={(event) => {
        const chosen = options.find((it) => it.value === event.currentTarget.value)
        if (chosen !== undefined) onChange(chosen.value)
      }}
    >
      {options.map((it) => (
        <option key={it.value} value={it.value}>
          {it.label}
        </option>
      ))}
    </select>
  )
}
