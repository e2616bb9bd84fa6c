import type { ApiMessage } from "../protocol/answers"
import type { Message } from "../protocol/entities"
import { messageJson } from "../protocol/message-json"
import { JSON_HEADERS } from "./security-headers"

/** Messages never change; a changed one is another object. Forgotten with the message. */
const encoded = new WeakMap<Message, string>()

function encode(message: Message): string {
  const known = encoded.get(message)
  if (known !== undefined) return known
  const json = messageJson(message)
  encoded.set(message, json)
  return json
}

/**
 * A page of history, each message encoded once however often it is read: encoding a page anew
 * takes longer than finding it. Typed as what it says, for clients that are typed by the routes.
 */
export function messagesAsJson(messages: readonly Message[]): ApiMessage[] {
  const body = `[${messages.map(encode).join(",")}]`
  const response = new Response(body, { headers: JSON_HEADERS })
  return response as unknown as ApiMessage[]
}
