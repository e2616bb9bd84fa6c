import { useEffect, useId, useMemo, useState } from "preact/hooks"
import type { Client, RoomHandle } from "../../client/client"
import type { ApiProfile } from "../../protocol/answers"
import { personName } from "../state/names"
import { language } from "../state/preferences"
import { t } from "../strings"
import { loadEmoji } from "../text/emoji-data"
import { type EmojiSet, findEmoji } from "../text/emoji-set"
import { matchCommands } from "./commands"
import { type Asked, isSomebodyUnknown, matchPeople, readAsked } from "./completion"
import { replaceRange } from "./text-edits"
import type { Callables } from "./use-callables"
import type { WritingBox } from "./use-writing"

/** One thing that may stand in the place of what is being typed. */
export interface Option {
  readonly id: string
  readonly inserted: string
  readonly label: string
  readonly hint: string
  /** What stands before it: somebody's face, an emoji, or nothing. */
  readonly mark: ApiProfile | string | null
}

export interface Completion {
  readonly kind: Asked["kind"] | null
  readonly options: readonly Option[]
  readonly active: number
  readonly listId: string
  readonly optionId: (index: number) => string
  choose(index: number): void
  setActive(index: number): void
  /** Whether the key was for the list. */
  onKey(event: KeyboardEvent): boolean
}

const optionsMax = 8

interface CompletionDeps {
  readonly writing: WritingBox
  readonly client: Client
  readonly room: RoomHandle
  readonly callables: Callables
}

/** What could stand in the place of what is being typed, and the keys by which it is chosen. */
export function useCompletion({ writing, ...deps }: CompletionDeps): Completion {
  const { text, caret } = writing
  const asked = useMemo(() => readAsked(text, caret), [text, caret])
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const listId = useId()
  const emoji = useEmoji(asked?.kind === "emoji")
  const isOpen = asked !== null && asked.from !== closedAt
  const options = isOpen ? optionsFor(asked, emoji, deps) : []
  const kind = options.length > 0 && asked !== null ? asked.kind : null
  const query = asked === null ? null : `${asked.kind}${asked.query}`

  useEffect(() => setActive(0), [query])
  useEffect(() => {
    if (asked === null) setClosedAt(null)
  }, [asked === null])
  useEffect(() => {
    if (asked?.kind !== "person") return
    // Rooms have many members: they are asked for only once somebody is called, and then no more.
    const { members, view, loadMembers } = deps.room
    if (isSomebodyUnknown(members.value.values(), view.value?.room.member_count)) {
      void loadMembers().catch(() => undefined)
    }
  }, [asked?.kind, deps.room])

  const choose = (index: number) => {
    const option = options[index]
    if (option === undefined || asked === null) return
    writing.apply(replaceRange(writing.read(), asked, option.inserted))
    writing.focus()
  }
  const onKey = (event: KeyboardEvent): boolean => {
    if (kind === null || event.isComposing) return false
    switch (event.key) {
      case "ArrowDown":
        setActive((active + 1) % options.length)
        return true
      case "ArrowUp":
        setActive((active + options.length - 1) % options.length)
        return true
      case "Enter":
      case "Tab":
        if (event.shiftKey || event.ctrlKey || event.metaKey) return false
        // A whole command is carried out, not completed.
        if (kind === "command" && event.key === "Enter" && isWhole(text, options)) return false
        choose(active)
        return true
      case "Escape":
        setClosedAt(asked?.from ?? null)
        return true
      default:
        return false
    }
  }
  const optionId = (index: number) => `${listId}-${index}`
  return { kind, options, active, listId, optionId, choose, setActive, onKey }
}

const isWhole = (text: string, options: readonly Option[]) =>
  options.some(({ inserted }) => inserted.trim() === text.trim())

function optionsFor(
  asked: Asked,
  emoji: EmojiSet | null,
  deps: Omit<CompletionDeps, "writing">,
): readonly Option[] {
  switch (asked.kind) {
    case "emoji":
      return emoji === null ? [] : emojiOptions(emoji, asked.query)
    case "command":
      return commandOptions(deps, asked.query)
    case "person":
      return personOptions(deps, asked.query)
  }
}

const emojiOptions = (set: EmojiSet, query: string): readonly Option[] =>
  findEmoji(set, query, optionsMax).map((it) => ({
    id: it.emoji,
    inserted: `${it.emoji} `,
    label: `:${it.names[0]}:`,
    hint: it.label,
    mark: it.emoji,
  }))

function commandOptions(
  { client, room }: Omit<CompletionDeps, "writing">,
  query: string,
): readonly Option[] {
  const words = t().composer.commands
  return matchCommands({ client, view: room.view.value }, query).map((name) => ({
    id: name,
    inserted: `/${name} `,
    label: words[name].usage,
    hint: words[name].does,
    mark: null,
  }))
}

function personOptions(
  { callables }: Omit<CompletionDeps, "writing">,
  query: string,
): readonly Option[] {
  const everybody: Option = {
    id: "room",
    inserted: "@room ",
    label: "@room",
    hint: t().composer.everybody,
    mark: null,
  }
  const by = { recency: callables.recency(), max: optionsMax }
  const found = matchPeople(callables.people(), query, by).map((it) => ({
    id: it.id,
    inserted: `@${it.username} `,
    label: personName(it),
    hint: `@${it.username}`,
    mark: it,
  }))
  return "room".startsWith(query.toLowerCase()) ? [...found, everybody] : found
}

function useEmoji(isAsked: boolean): EmojiSet | null {
  const [set, setSet] = useState<EmojiSet | null>(null)
  useEffect(() => {
    if (isAsked) void loadEmoji(language.value).then(setSet, () => undefined)
  }, [isAsked, language.value])
  return set
}
