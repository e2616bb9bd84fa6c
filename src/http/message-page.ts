import type { ApiMessage } from "../protocol/answers"
import type { Message } from "../protocol/entities"
import { messageJson } from "../protocol/message-json"
import { JSON_HEADERS } from "./security-headers"

interface Page {
  readonly messages: readonly Message[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Pages kept, and how large one may be: 16 MiB at the most. */
const PAGES_MAX = 64
const PAGE_BYTES_MAX = 256 * 1024

/**
 * Pages of history, each message encoded once however often it is read, and a page that is read
 * again and again (after a restart everybody reads the newest) encoded once as a whole: encoding
 * takes longer than finding. Messages never change; a changed one is another object, so the same
 * objects are the same page.
 */
export function createMessagePages() {
  /** Forgotten with the message. */
  const texts = new WeakMap<Message, string>()
  /** By their first message, the one that was made last at the end. */
  const pages = new Map<Message, Page>()
  const encoder = new TextEncoder()

  function textOf(message: Message): string {
    const known = texts.get(message)
    if (known !== undefined) return known
    const text = messageJson(message)
    texts.set(message, text)
    return text
  }

  function bytesOf(messages: readonly Message[]): Uint8Array<ArrayBuffer> {
    const [first] = messages
    const known = first === undefined ? undefined : pages.get(first)
    if (known !== undefined && isSame(known.messages, messages)) return known.bytes
    const bytes = encoder.encode(`[${messages.map(textOf).join(",")}]`)
    if (first !== undefined && bytes.byteLength <= PAGE_BYTES_MAX) keep(first, { messages, bytes })
    return bytes
  }

  function keep(first: Message, page: Page): void {
    pages.delete(first)
    pages.set(first, page)
    const [oldest] = pages.keys()
    if (pages.size > PAGES_MAX && oldest !== undefined) pages.delete(oldest)
  }

  /** Typed as what it says, for clients that are typed by the routes. */
  return function messagesAsJson(messages: readonly Message[]): ApiMessage[] {
    // The answer is the response itself, which no route's type can say.
    return new Response(bytesOf(messages), { headers: JSON_HEADERS }) as unknown as ApiMessage[]
  }
}

const isSame = (one: readonly Message[], other: readonly Message[]): boolean =>
  one.length === other.length && one.every((message, index) => message === other[index])
