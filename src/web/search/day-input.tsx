import { useFieldAttributes } from "../ui/field"

export interface DayInputProps {
  /** As `2026-01-31`; empty: none. */
  readonly value: string
  readonly onInput: (value: string) => void
}

/** A day, by the browser's own calendar. Within a `Field`. */
export function DayInput({ value, onInput }: DayInputProps) {
  return (
    <input
      type="date"
      {...useFieldAttributes()}
      class="input"
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  )
}
