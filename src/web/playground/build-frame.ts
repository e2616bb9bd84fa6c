import { type Command, type CommandField, commandKey, type Known } from "./commands/command"
import { type Outgoing, PROTOCOLS, type ProtocolId } from "./protocols"

/** What stands in a form, by the paths of its fields. */
export type FormValues = Readonly<Record<string, string>>

/** What is wrong with a field: words for it are the form's. */
export type FieldTrouble = "missing" | "number" | "json"

export type Built =
  | { readonly outgoing: Outgoing }
  | { readonly troubles: Readonly<Record<string, FieldTrouble>> }

/** The command of a protocol by its name, the first of several. */
export function findCommand(protocol: ProtocolId, key: string): Command | undefined {
  const { commands } = PROTOCOLS[protocol]
  return commands.find((it) => commandKey(it) === key) ?? commands.find((it) => it.name === key)
}

/** What a form begins with: what is known, and examples. What was typed already stays. */
export function initialValues(command: Command, known: Known, typed: FormValues = {}): FormValues {
  return Object.fromEntries(
    command.fields.map((field) => [field.path, typed[field.path] ?? initialOf(field, known)]),
  )
}

const initialOf = ({ known: name, initial = "" }: CommandField, known: Known) =>
  name === undefined ? initial : known[name]

/** Makes what is sent of what stands in the form. `id` is of the frame, where it has one. */
export function buildFrame(
  protocol: ProtocolId,
  command: Command,
  values: FormValues,
  id: number,
): Built {
  const data: Record<string, unknown> = { ...command.fixed }
  const troubles: Record<string, FieldTrouble> = {}
  for (const field of command.fields) {
    const read = readField(field, values[field.path] ?? "")
    if ("trouble" in read) troubles[field.path] = read.trouble
    else if (read.value !== undefined) place(data, field.path.split("."), read.value)
  }
  if (Object.keys(troubles).length > 0) return { troubles }
  return { outgoing: PROTOCOLS[protocol].envelope(command.name, data, id) }
}

type Read = { readonly value: unknown } | { readonly trouble: FieldTrouble }

function readField({ kind, isOptional }: CommandField, text: string): Read {
  // An empty text is worth sending: one sees what the server says to it. Any other is no value.
  if (text === "" && (isOptional || kind !== "text")) {
    return isOptional ? { value: undefined } : { trouble: "missing" }
  }
  switch (kind) {
    case "text":
    case "choice":
      return { value: text }
    case "switch":
      return { value: text === "true" }
    case "number":
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { trouble: "number" }
    case "list":
      return { value: text.split(",").map((it) => it.trim()) }
    case "json":
      return readJson(text)
  }
}

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { trouble: "json" }
  }
}

/** Makes lists and objects on the way. */
function place(into: Record<string, unknown>, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    into[key] = value
    return
  }
  const next = into[key] ?? (/^\d+$/.test(rest[0] ?? "") ? [] : {})
  into[key] = next
  // Made above, or by a field before: paths of one command agree on what is a list.
  place(next as Record<string, unknown>, rest, value)
}
