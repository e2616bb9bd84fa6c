import type { ApiProfile } from "../../protocol/answers"

export interface MarkdownProps {
  readonly text: string
  /** Ids of users; `room`: everybody. */
  readonly mentions: readonly string[]
  /** By user id: names of those who are mentioned. */
  readonly people: ReadonlyMap<string, ApiProfile>
  /** Without blocks, as in a list. */
  readonly inline?: boolean
}

export function Markdown({ text }: MarkdownProps) {
  return <p>{text}</p>
}
