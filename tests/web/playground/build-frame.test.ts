import { describe, expect, test } from "bun:test"
import { decode as decodeGateway } from "../../../src/dialects/gateway-events/decode"
import { decode as decodeNative } from "../../../src/dialects/native/decode"
import { CLIENT_EXAMPLES as NATIVE_EXAMPLES } from "../../../src/dialects/native/examples"
import { createDecoder } from "../../../src/dialects/room-commands/decode"
import { decode as decodePath } from "../../../src/dialects/room-path/decode"
import { ARRIVAL_EXAMPLE } from "../../../src/dialects/room-path/examples"
import {
  decode as decodeConversations,
  speaks as speaksConversations,
} from "../../../src/dialects/socketio-conversations/decode"
import {
  decode as decodeRooms,
  speaks as speaksRooms,
} from "../../../src/dialects/socketio-rooms/decode"
import { isFields } from "../../../src/protocol/json"
import { buildFrame, findCommand, initialValues } from "../../../src/web/playground/build-frame"
import { type Command, commandKey, type Known } from "../../../src/web/playground/commands/command"
import {
  type Outgoing,
  PROTOCOL_IDS,
  PROTOCOLS,
  type ProtocolId,
} from "../../../src/web/playground/protocols"
import { GOLDEN_FRAMES, type Sent } from "../../support/golden-frames"

const KNOWN: Known = {
  room: "general",
  conversation: "1",
  userId: "0199c2f0-0000-7000-8000-00000000000a",
  userNumber: "1",
  username: "ann",
  message: "018cc4e5-2200-8000-8000-000040000003",
  seq: "3",
  epoch: "q3Rk1xVZ2sLw",
  token: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
}

const goldenOf = (protocol: ProtocolId): readonly Sent[] =>
  protocol === "native"
    ? Object.entries(NATIVE_EXAMPLES).map(([name, { frame }]) => ({ name, content: frame }))
    : (GOLDEN_FRAMES[protocol]?.client ?? [])

/** As the server reads it. */
function understood(protocol: ProtocolId, outgoing: Outgoing): string {
  if (outgoing.kind === "event") {
    const input = { event: outgoing.event, payload: outgoing.payload, ackId: undefined }
    if (protocol === "socketio-rooms") {
      return speaksRooms(input) ? decodeRooms(input).kind : "not spoken"
    }
    return speaksConversations(input) ? decodeConversations(input).kind : "not spoken"
  }
  switch (protocol) {
    case "native":
      return decodeNative(outgoing.text).kind
    case "room-commands":
      return createDecoder({ usersMaxDefault: 100 })(outgoing.text).kind
    case "room-path":
      return decodePath(outgoing.text, ARRIVAL_EXAMPLE.arrival.command).kind
    case "gateway-events":
      return decodeGateway(outgoing.text).kind
    default:
      return "not over this transport"
  }
}

function built(
  protocol: ProtocolId,
  command: Command,
  values = initialValues(command, KNOWN),
): Outgoing {
  const made = buildFrame(protocol, command, values, 7)
  if (!("outgoing" in made)) throw new Error(`${commandKey(command)}: ${JSON.stringify(made)}`)
  return made.outgoing
}

/** What stands in a frame at a path, as one would type it. */
function typedAt(data: unknown, path: string): string {
  const value = path
    .split(".")
    .reduce<unknown>(
      (it, key) => (typeof it === "object" && it !== null ? Reflect.get(it, key) : undefined),
      data,
    )
  if (Array.isArray(value)) return value.join(", ")
  return value === undefined ? "" : String(value)
}

/** What the forms fill in, without what stands around it. */
function dataOf(protocol: ProtocolId, { content }: Sent): unknown {
  if (protocol === "room-path" || PROTOCOLS[protocol].transport === "socket.io") return content
  return isFields(content) ? content.data : undefined
}

const contentOf = (outgoing: Outgoing): unknown =>
  outgoing.kind === "event" ? outgoing.payload : JSON.parse(outgoing.text)

describe.each([...PROTOCOL_IDS])("the forms of %s", (protocol) => {
  const { commands, joins, says } = PROTOCOLS[protocol]

  test("there is one for everything that a client may send, and for nothing else", () => {
    const names = new Set(commands.map((it) => it.name))

    expect(names.size).toBeGreaterThan(3)
    expect([...names].sort()).toEqual([...new Set(goldenOf(protocol).map((it) => it.name))].sort())
    expect(new Set(commands.map(commandKey)).size).toBe(commands.length)
    for (const name of [joins, says]) {
      if (name !== null) expect(findCommand(protocol, name)?.name).toBe(name)
    }
  })

  test.each(commands.map((it) => [commandKey(it), it] as const))(
    "%s: sent as it is filled in, the server understands it",
    (_name, command) => {
      expect(understood(protocol, built(protocol, command))).toBe(
        command.name === "auth" ? "authenticate" : "command",
      )
    },
  )

  test("filled in with what stands in a golden frame, it becomes that frame", () => {
    for (const golden of goldenOf(protocol)) {
      const command = findCommand(protocol, golden.name)
      if (command === undefined) throw new Error(`no form for ${golden.name}`)
      const values = Object.fromEntries(
        command.fields.map(({ path }) => [path, typedAt(dataOf(protocol, golden), path)]),
      )
      const content = contentOf(built(protocol, command, values))
      const id = isFields(golden.content) ? golden.content.id : undefined

      // The number of a frame is the connection's, and `ping` may carry an empty object.
      const expected =
        protocol === "native" ? { data: {}, ...Object(golden.content), id: 7 } : golden.content
      expect(content, `${golden.name} ${id}`).toEqual(expected)
    }
  })
})

describe("what is wrong in a form", () => {
  const troublesOf = (protocol: ProtocolId, name: string, values: Record<string, string>) => {
    const command = findCommand(protocol, name)
    if (command === undefined) throw new Error(name)
    return buildFrame(protocol, command, { ...initialValues(command, KNOWN), ...values }, 1)
  }

  test("is told at the field: a number that is none, JSON that is none, a number that is missing", () => {
    expect(troublesOf("native", "read", { seq: "three" })).toEqual({ troubles: { seq: "number" } })
    expect(troublesOf("native", "message.send", { metadata: "{" })).toEqual({
      troubles: { metadata: "json" },
    })
    expect(troublesOf("socketio-conversations", "send-message", { conversation_id: "" })).toEqual({
      troubles: { conversation_id: "missing" },
    })
  })

  test("an empty text is no trouble: one sends it to see what the server says", () => {
    const made = troublesOf("gateway-events", "chat.message", { message: "" })

    expect(made).toHaveProperty("outgoing")
    expect("outgoing" in made && understood("gateway-events", made.outgoing)).toBe("invalid")
  })

  test("what was typed stays when the form is filled again", () => {
    const command = findCommand("gateway-events", "chat.join")
    if (command === undefined) throw new Error("no form")

    expect(initialValues(command, KNOWN, { roomId: "mine" })).toEqual({ roomId: "mine" })
  })
})
