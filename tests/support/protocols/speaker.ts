import type { Person } from "../people"

export const PROTOCOL_NAMES = [
  "native",
  "room-commands",
  "socketio-rooms",
  "room-path",
  "socketio-conversations",
  "gateway-events",
] as const
export type ProtocolName = (typeof PROTOCOL_NAMES)[number]

/** Somebody with an account, by all of their ids. */
export interface Guest extends Person {
  readonly numericId: number
}

/** A room, by both of its ids. */
export interface Place {
  readonly id: string
  readonly numericId: number
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any frame.
export type AnyFrame = any

/** A connection by a client that is none of ours. Frames of Socket.IO are `{event, payload}`. */
export interface Line {
  /** Every frame so far, in order. */
  readonly frames: readonly AnyFrame[]
  /** Settles when there are more frames than so many. Rejects when they do not come in time. */
  moreThan(count: number): Promise<void>
  send(frame: object): void
  /** Sends whatever is given, as it is. */
  sendRaw(input: string | Uint8Array): void
  /** Settles when it has ended, with the close code or Socket.IO's words. */
  readonly closed: Promise<number | string>
  close(): void
  /** Is gone without a word, as in a tunnel, where the transport can be. */
  drop(): void
}

/** How a client shows who it is; all of it on the handshake. */
export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  /** Of Socket.IO. */
  readonly auth?: Readonly<Record<string, unknown>>
}

export interface OpenOptions extends Credentials {
  readonly url: string
  readonly place: Place
  /** Whom the address names, where it names somebody. */
  readonly user: string | number
  /** False: a raw socket that answers no ping, as a peer that has gone. */
  readonly answersPings?: boolean
}

export type Content = "text" | "image" | "file"

/** What a protocol calls what all of them do. Pure. */
export interface Words {
  /** Null: who has connected has joined. */
  join(place: Place): object | null
  /** The answer to who joins; a refusal is what `read` calls an error. */
  isJoined(frame: AnyFrame, place: Place): boolean
  /** Null: only by closing. */
  leave(place: Place): object | null
  say(place: Place, content: string, as: { readonly type: Content; readonly by: Guest }): object
  /** Null: there is no word for it. */
  type(place: Place, isTyping: boolean): object | null
  /** A question without consequence. Its answer comes after all that was to come. */
  readonly fence: object
  isFence(frame: AnyFrame): boolean
  /**
   * What happened, in words that all protocols share: `ann: hello`, `system: hello`, `ann came`,
   * `ann went`, `ann types`, `ann stops`, `presence: ann online`, `error: …`. Null: nothing did.
   */
  read(frame: AnyFrame, nameOf: (id: string | number) => string): string | null
}

export interface Protocol {
  readonly name: ProtocolName
  /** Told apart from another transport of the same. */
  readonly title: string
  /** Of `socketio-conversations`, which has no other rooms: direct ones of two. */
  readonly hasRooms: boolean
  /** What its clients may send. */
  readonly sends: readonly Content[]
  readonly words: Words
  /** Opens a connection. Errors: `Refused`, with the status. */
  open(options: OpenOptions): Promise<Line>
}

/** A connection that was not let in, or not into a room. */
export class Refused extends Error {
  /** What a client gets to see of it. */
  constructor(readonly words: string) {
    super(words)
  }
}

/** Somebody who speaks a protocol, in one room. */
export interface Speaker {
  readonly guest: Guest
  readonly line: Line
  /** Errors: `Refused`. */
  join(): Promise<void>
  say(text: string): void
  send(type: Content, content: string): void
  type(isTyping: boolean): void
  /** Settles when it has taken effect. */
  leave(): Promise<void>
  /** The next thing that happened, from here on. */
  next(): Promise<string>
  /** All that has happened from here on. */
  rest(): Promise<readonly string[]>
  /** The frames from here on, as they are, of which `read` has words or none. */
  frames(): Promise<readonly AnyFrame[]>
}

interface SpeakerOptions {
  readonly protocol: Protocol
  readonly line: Line
  readonly guest: Guest
  readonly place: Place
  readonly nameOf: (id: string | number) => string
  /** Who is online is everybody's news, so tests that are not about it do not listen. */
  readonly hearsWhoIsOnline: boolean
  /** Settles when every node has heard what the others had told until now. */
  settle(): Promise<void>
}

export function createSpeaker(options: SpeakerOptions): Speaker {
  const { line, guest, place, nameOf, hearsWhoIsOnline, settle } = options
  const { words } = options.protocol
  const waiting: string[] = []
  let read = 0
  let hasEnded = false
  line.closed.then(() => {
    hasEnded = true
  })

  async function nextFrame(): Promise<AnyFrame> {
    await line.moreThan(read)
    return line.frames[read++]
  }

  function understand(frame: AnyFrame): string | null {
    const heard = words.read(frame, nameOf)
    if (heard?.startsWith("presence: ") && !hearsWhoIsOnline) return null
    return heard
  }

  /** Of a line that has ended: what it said at last. */
  async function untilFence(): Promise<readonly AnyFrame[]> {
    // The fence is answered by one node, and what another has told may be on its way.
    await settle()
    if (hasEnded) {
      const last = line.frames.slice(read)
      read = line.frames.length
      return last
    }
    line.send(words.fence)
    const found: AnyFrame[] = []
    for (;;) {
      const frame = await nextFrame()
      if (words.isFence(frame)) return found
      found.push(frame)
    }
  }

  const heardOf = (frames: readonly AnyFrame[]): readonly string[] =>
    frames.map(understand).filter((it) => it !== null)

  return {
    guest,
    line,
    async join() {
      const frame = words.join(place)
      if (frame !== null) line.send(frame)
      for (;;) {
        const answer = await nextFrame()
        if (words.isJoined(answer, place)) return
        const heard = understand(answer)
        if (heard?.startsWith("error: ")) throw new Refused(heard)
        if (heard !== null) waiting.push(heard)
      }
    },
    say: (text) => line.send(words.say(place, text, { type: "text", by: guest })),
    send: (type, content) => line.send(words.say(place, content, { type, by: guest })),
    type(isTyping) {
      const frame = words.type(place, isTyping)
      if (frame === null) throw new Error("this protocol has no word for typing")
      line.send(frame)
    },
    async leave() {
      const frame = words.leave(place)
      if (frame === null) {
        line.close()
        await line.closed
        return
      }
      line.send(frame)
      waiting.push(...heardOf(await untilFence()))
    },
    async next() {
      for (;;) {
        const heard = waiting.shift() ?? understand(await nextFrame())
        if (heard !== null) return heard
      }
    },
    async rest() {
      const before = waiting.splice(0)
      return [...before, ...heardOf(await untilFence())]
    },
    frames: untilFence,
  }
}
