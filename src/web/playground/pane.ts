import { batch, computed, signal } from "@preact/signals"
import { buildFrame, type FieldTrouble, type FormValues, initialValues } from "./build-frame"
import { type Command, commandKey, type Known } from "./commands/command"
import {
  cleared,
  EMPTY_LOG,
  type FrameLog,
  type LoggedFrame,
  NO_FILTER,
  paused,
  resumed,
  withFrame,
  withoutSecrets,
} from "./frame-log"
import { learnFrom } from "./learn"
import type { Ending, Heard, Line, LineEvents, OpenLine } from "./line"
import { addressOf, type Outgoing, PROTOCOLS, type ProtocolId } from "./protocols"
import type { Who } from "./rest"

export interface PaneDeps {
  readonly id: number
  readonly origin: string
  readonly lines: Readonly<Record<"websocket" | "socket.io", OpenLine>>
  /** Whether this browser sends a session of its own with every socket. */
  readonly hasCookie: () => boolean
  readonly now: () => number
}

const NOTHING_KNOWN: Known = {
  room: "general",
  conversation: "",
  userId: "",
  userNumber: "",
  username: "",
  message: "",
  seq: "",
  epoch: "",
  token: "",
}

export type PaneStatus = "closed" | "opening" | "open"

/**
 * One connection and all that is seen of it. The token stands in what is connected with and nowhere
 * else: not in the log, and not in the page's address.
 */
export function createPane({ id, origin, lines, hasCookie, now }: PaneDeps) {
  const protocol = signal<ProtocolId>("native")
  const path = signal(PROTOCOLS.native.path)
  const who = signal<Who | null>(null)
  const known = signal(NOTHING_KNOWN)
  const status = signal<PaneStatus>("closed")
  const ending = signal<Ending | null>(null)
  const log = signal(EMPTY_LOG)
  const filter = signal(NO_FILTER)
  const beginsByPolling = signal(true)
  const wantsAck = signal(true)
  /** What was typed into forms, by command. */
  const typed = signal<Readonly<Record<string, FormValues>>>({})
  const troubles = signal<Readonly<Record<string, FieldTrouble>>>({})
  const chosen = signal(PROTOCOLS.native.says)
  const facts = computed(() => PROTOCOLS[protocol.value])
  const command = computed(() => commandOf(protocol.value, chosen.value))
  const values = computed(() =>
    initialValues(command.value, known.value, typed.value[commandKey(command.value)]),
  )
  let line: Line | null = null
  let frameCount = 0

  function add(heard: Pick<Heard, "name" | "text" | "layer" | "isTrouble"> & Direct): void {
    const text = withoutSecrets(heard.text, [known.value.token])
    frameCount += 1
    const frame: LoggedFrame = {
      id: frameCount,
      at: now(),
      direction: heard.direction,
      layer: heard.layer,
      name: heard.name,
      text,
      bytes: new TextEncoder().encode(heard.text).length,
      isTrouble: heard.isTrouble,
    }
    log.value = withFrame(log.value, frame)
  }

  const note = (name: string, text: string, isTrouble = false) =>
    add({ direction: "note", layer: "frame", name, text, isTrouble })

  function eventsOf(current: () => boolean, onReady: () => void): LineEvents {
    return {
      onOpen: () =>
        current() &&
        batch(() => {
          status.value = "open"
          note("open", "")
          onReady()
        }),
      onHeard: (heard) =>
        current() &&
        batch(() => {
          add(heard)
          if (heard.direction === "out" || heard.layer === "packet") return
          known.value = learnFrom(protocol.value, known.value, heard.content)
        }),
      onEnd: (it) =>
        current() &&
        batch(() => {
          line = null
          status.value = "closed"
          ending.value = it
          note("closed", it.kind === "websocket" ? String(it.code) : it.reason, it.isRefused)
        }),
    }
  }

  /** Connects anew; a connection of before ends. */
  function connect(): void {
    disconnect()
    const { transport } = PROTOCOLS[protocol.value]
    const address = addressOf({
      protocol: protocol.value,
      origin,
      path: path.value,
      known: known.value,
      hasCookie: hasCookie(),
    })
    status.value = "opening"
    ending.value = null
    note("connect", address.url)
    const own: { line: Line | null } = { line: null }
    // Nothing of a line is told before this turn ends, and nothing after another took its place.
    const isCurrent = () => line === own.line
    const events = eventsOf(isCurrent, () => {
      if (address.tokenBy === "frame") sendCommand(commandOf("native", "auth"), {})
    })
    own.line = lines[transport](
      {
        url: address.url,
        ...(protocol.value === "native" ? { subprotocol: "parley.v1" } : {}),
        ...(address.tokenBy === "auth" ? { auth: { token: known.value.token } } : {}),
        ...socketIoQuery(),
        transports: beginsByPolling.value ? ["polling", "websocket"] : ["websocket"],
      },
      events,
    )
    line = own.line
  }

  /** Conversations name their people by numbers, and hear who is online by numbers then. */
  const socketIoQuery = () =>
    protocol.value === "socketio-conversations" && known.value.userNumber !== ""
      ? { query: { userId: known.value.userNumber } }
      : {}

  function disconnect(): void {
    const old = line
    line = null
    if (old === null) return
    old.close()
    batch(() => {
      status.value = "closed"
      note("closed", "")
    })
  }

  function send(outgoing: Outgoing): void {
    line?.send(outgoing, { wantsAck: wantsAck.value })
  }

  function sendCommand(it: Command, form: FormValues): void {
    const built = buildFrame(
      protocol.value,
      it,
      initialValues(it, known.value, form),
      frameCount + 1,
    )
    if ("outgoing" in built) send(built.outgoing)
    else troubles.value = built.troubles
  }

  return {
    id,
    protocol,
    facts,
    path,
    who,
    known,
    status,
    ending,
    log,
    filter,
    beginsByPolling,
    wantsAck,
    command,
    values,
    troubles,
    connect,
    disconnect,

    speak(next: ProtocolId): void {
      batch(() => {
        disconnect()
        protocol.value = next
        path.value = PROTOCOLS[next].path
        ending.value = null
        choose(PROTOCOLS[next].joins ?? PROTOCOLS[next].says)
      })
    },
    choose,
    /** What is typed stays, whatever is heard; a form that was not touched follows what is known. */
    type(field: string, text: string): void {
      const key = commandKey(command.value)
      typed.value = { ...typed.value, [key]: { ...typed.value[key], [field]: text } }
    },
    /** Sends the form; what is wrong in it stands in `troubles`. */
    submit(): void {
      troubles.value = {}
      sendCommand(command.value, values.value)
    },
    sendRaw: send,
    /** Sends a command as its form begins, but for what is given. */
    perform(key: string, form: FormValues = {}): void {
      sendCommand(commandOf(protocol.value, key), form)
    },
    /** Says it where one is, with all else as the form has it. */
    say(words: string): void {
      const { says, saysIn } = facts.value
      sendCommand(commandOf(protocol.value, says), { [saysIn]: words })
    },
    become(next: Who | null): void {
      batch(() => {
        disconnect()
        who.value = next
        const { token, userId, userNumber, username } = next ?? NOTHING_KNOWN
        known.value = { ...known.value, token, userId, userNumber, username }
      })
    },
    know(more: Partial<Known>): void {
      known.value = { ...known.value, ...more }
    },
    pause: () => change(paused),
    resume: () => change(resumed),
    clear: () => change(cleared),
    note,
  }

  function change(how: (log: FrameLog) => FrameLog): void {
    log.value = how(log.value)
  }

  function choose(key: string): void {
    batch(() => {
      chosen.value = key
      troubles.value = {}
    })
  }
}

interface Direct {
  readonly direction: LoggedFrame["direction"]
}

export type Pane = ReturnType<typeof createPane>

/** Protocols have commands, and what is asked for is one of them, or the first. */
function commandOf(protocol: ProtocolId, key: string): Command {
  const { commands } = PROTOCOLS[protocol]
  const [first] = commands
  const found = commands.find((it) => commandKey(it) === key) ?? first
  if (found === undefined) throw new Error(`${protocol} has no commands`)
  return found
}
