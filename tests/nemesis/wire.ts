import type { SeenMessage } from "./replica"

/** A message in the API's words. */
export interface WireMessage {
  readonly id: string
  readonly seq: number
  readonly user_id: string
  readonly client_id?: string
  readonly content: string
}

/** What a subscription is answered with, of each room. */
export interface WirePage {
  readonly room_id: string
  readonly recovered: boolean
  readonly until: number
  readonly messages: readonly WireMessage[]
  readonly more: boolean
  readonly error?: { readonly code: string }
}

export interface WireError {
  readonly code: string
  readonly message: string
  readonly retry_after_ms?: number
}

export const seenMessage = (message: WireMessage): SeenMessage => ({
  id: message.id,
  seq: message.seq,
  userId: message.user_id,
  clientId: message.client_id ?? null,
  content: message.content,
})
