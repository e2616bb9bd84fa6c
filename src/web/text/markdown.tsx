import { useMemo } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { language } from "../state/preferences"
import { isBigEmoji } from "./big-emoji"
import { emojiByName, useEmojiNames } from "./emoji-data"
import { parseMarkdown } from "./parse-markdown"
import { type CalledPerson, renderMarkdown } from "./render-markdown"
import "./markdown.css"

export interface MarkdownProps {
  readonly text: string
  /** Whom it calls, as the message says: ids of users, or `room`. */
  readonly mentions?: readonly string[]
  /** Those who may be called, by user id: calls show their names. */
  readonly people?: ReadonlyMap<string, CalledPerson>
  /** On one line, as quotes show it. */
  readonly inline?: boolean
}

const nobody: ReadonlyMap<string, CalledPerson> = new Map()
const none: readonly string[] = []

/** What a message says. Nothing of it is ever read as HTML, and nothing is asked of other servers. */
export function Markdown({
  text,
  mentions = none,
  people = nobody,
  inline: isInline = false,
}: MarkdownProps) {
  const me = useLive(useClient().me)
  const tokens = useMemo(() => parseMarkdown(text), [text])
  useEmojiNames(text, language.value)
  const emoji = emojiByName.value
  const myId = me?.id ?? null
  const content = useMemo(() => {
    const called = byName(people, mentions)
    return renderMarkdown(tokens, { mentions, people: called, myId, emoji, isInline })
  }, [tokens, mentions, people, myId, emoji, isInline])
  if (isInline) return <span class="markdown markdown-inline">{content}</span>
  return <div class={isBigEmoji(text) ? "markdown markdown-big" : "markdown"}>{content}</div>
}

/** Only those who are called: rooms have many members, and most messages call nobody. */
function byName(
  people: ReadonlyMap<string, CalledPerson>,
  mentions: readonly string[],
): ReadonlyMap<string, CalledPerson> {
  const called = mentions.flatMap((id) => people.get(id) ?? [])
  return new Map(called.map((person) => [person.username.toLowerCase(), person]))
}
