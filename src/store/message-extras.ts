import { z } from "zod"
import { type MessageExtras, NO_EXTRAS } from "../protocol/entities"
import { isFields } from "../protocol/json"

/** What we have written ourselves: some of the fields, and only those that hold something. */
const Stored = z.custom<Partial<MessageExtras>>(isFields)

export const parseExtras = (json: string | null): MessageExtras | null =>
  json === null ? null : { ...NO_EXTRAS, ...Stored.parse(JSON.parse(json)) }

/** Null where there is nothing to keep, as of nearly every message. */
export function extrasJson(extras: MessageExtras | null): string | null {
  if (extras === null) return null
  const kept = Object.entries(extras).filter(([, value]) => hasSomething(value))
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept))
}

const hasSomething = (value: MessageExtras[keyof MessageExtras]): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== null
