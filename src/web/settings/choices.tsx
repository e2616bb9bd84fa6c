import type { Signal } from "@preact/signals"
import { useId } from "preact/hooks"

export interface ChoicesProps<T extends string> {
  readonly label: string
  readonly of: readonly T[]
  readonly words: Readonly<Record<T, string>>
  readonly chosen: Signal<T>
}

/** A few things of which one holds. */
export function Choices<T extends string>({ label, of, words, chosen }: ChoicesProps<T>) {
  const name = useId()
  return (
    <fieldset class="segments">
      <legend class="field-label">{label}</legend>
      <div class="segments-row">
        {of.map((it) => (
          <label key={it} class="segment">
            <input
              type="radio"
              class="visually-hidden"
              name={name}
              checked={chosen.value === it}
              onChange={() => {
                chosen.value = it
              }}
            />
            <span class="segment-face">{words[it]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
