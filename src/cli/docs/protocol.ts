import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { ToldEvent } from "../../dialects/native/encode"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  GREETING_EXAMPLE,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "../../dialects/native/examples"
import { CLOSES, COMMANDS, EVENTS, LIMITS_PROSE } from "../../dialects/native/prose"
import { STREAM_EXAMPLES } from "../../dialects/native/stream-examples"
import { ERROR_CODES, ERRORS } from "../../protocol/errors"
import { LIMITS } from "../../protocol/limits"
import { CLOSE_CODES, ClientFrame } from "../../protocol/socket-frames"
import { fieldsOf } from "./fields"
import { jsonBlock, table } from "./markdown"

const SECTIONS: Readonly<Record<string, () => string>> = {
  hello: () => jsonBlock(GREETING_EXAMPLE.frame),
  commands: () => ClientFrame.options.map(commandSection).join("\n\n"),
  events: () => (Object.keys(EVENTS) as ToldEvent[]).map(eventSection).join("\n\n"),
  heartbeat: () => jsonBlock(SIGNAL_EXAMPLES.heartbeat.frame),
  notices: () => jsonBlock(SIGNAL_EXAMPLES.draining.frame),
  stream: () =>
    [STREAM_EXAMPLES.snapshot, STREAM_EXAMPLES.live, STREAM_EXAMPLES.closed]
      .map(({ frame }) => jsonBlock(frame))
      .join("\n\n"),
  refusals: () => ERROR_EXAMPLES.map(({ frame }) => jsonBlock(frame)).join("\n\n"),
  closes: () =>
    table(
      ["code", "reason", "when"],
      names(CLOSE_CODES).map((name) => [`${CLOSE_CODES[name]}`, `\`${name}\``, CLOSES[name]]),
    ),
  errors: () =>
    table(
      ["code", "status", "again?", "means"],
      ERROR_CODES.map((code) => {
        const { status, retryable, title } = ERRORS[code]
        return [`\`${code}\``, `${status}`, retryable ? "yes" : "", title]
      }),
    ),
  limits: () =>
    table(
      ["at most", "of what"],
      names(LIMITS).map((name) => [LIMITS[name].toLocaleString("en-GB"), LIMITS_PROSE[name]]),
    ),
}

/** docs/protocol.md: the prose of protocol.md beside this file, with the tables put in. */
export function protocolPage(): string {
  const template = readFileSync(join(import.meta.dir, "protocol.md"), "utf8")
  return template.replace(/^<!-- (\w+) -->$/gm, (marker, name: string) => {
    const section = SECTIONS[name]
    if (section === undefined) throw new Error(`nothing is known to put in for ${marker}`)
    return section()
  })
}

function commandSection({ shape }: (typeof ClientFrame.options)[number]): string {
  const type = shape.type.value
  const { does, reply, fields: remarks } = COMMANDS[type]
  const rows = fieldsOf(shape.data).map(({ name, type: kind, isRequired, bounds }) => [
    `\`${name}\``,
    kind,
    isRequired ? "yes" : "",
    [bounds, remarks[name]].filter(Boolean).join("; "),
  ])
  const fields = rows.length === 0 ? [] : [table(["field", "type", "needed", ""], rows)]
  const answer = jsonBlock(REPLY_EXAMPLES[reply].frame)
  return [
    `### \`${type}\``,
    does,
    ...fields,
    jsonBlock(CLIENT_EXAMPLES[type].frame),
    reply === "done" ? "Its `ok` carries `{}`." : `Its answer:\n\n${answer}`,
  ].join("\n\n")
}

const eventSection = (type: ToldEvent): string =>
  [`### \`${type}\``, EVENTS[type], jsonBlock(EVENT_EXAMPLES[type].frame)].join("\n\n")

/** The keys of a table of ours, which are known. */
const names = <Name extends string>(entries: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(entries) as Name[]
