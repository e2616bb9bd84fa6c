import { useEffect, useRef } from "preact/hooks"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import type { Completion, Option } from "./use-completion"
import "./completion-list.css"

/** What could be meant, above the box; the box keeps the focus and says which one is at hand. */
export function CompletionList({ completion }: { readonly completion: Completion }) {
  const { kind, options, active, listId, optionId, choose, setActive } = completion
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })
  }, [active])
  if (kind === null) return null
  return (
    <div
      class="completion-list"
      ref={list}
      id={listId}
      {...roles.list}
      aria-label={t().composer.completions[kind]}
    >
      {options.map((option, index) => (
        <div
          key={option.id}
          id={optionId(index)}
          class="completion-option"
          {...roles.option}
          aria-selected={index === active}
          onPointerMove={() => setActive(index)}
          onPointerDown={(event) => {
            // The box keeps the focus.
            event.preventDefault()
            choose(index)
          }}
        >
          <Mark mark={option.mark} />
          <span class="completion-label">{option.label}</span>
          <span class="completion-hint">{option.hint}</span>
        </div>
      ))}
    </div>
  )
}

/** Its parts never have the focus: keys go to the box, and arrows choose. */
const roles = {
  list: { role: "listbox" },
  option: { role: "option" },
} as const

function Mark({ mark }: Pick<Option, "mark">) {
  if (mark === null) return null
  if (typeof mark === "string") return <span class="completion-emoji">{mark}</span>
  return <Avatar profile={mark} size={22} />
}
