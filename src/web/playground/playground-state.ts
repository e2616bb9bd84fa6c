import { signal } from "@preact/signals"
import type { Known } from "./commands/command"
import { createPane, type Pane } from "./pane"
import type { ProtocolId } from "./protocols"
import { openRawLine } from "./raw-line"
import type { Rest, Who } from "./rest"
import { openSocketIoLine } from "./socket-io-line"

/** So many fit beside each other, and one talks with another. */
const PANES_MAX = 2
/** Longer than a server takes that is there at all. */
const PATIENCE_MS = 10_000

export interface PlaygroundDeps {
  readonly origin: string
  readonly rest: Rest
}

/** All that the page knows: its connections, and who is signed in in this browser anyway. */
export function createPlayground({ origin, rest }: PlaygroundDeps) {
  const cookieWho = signal<Who | null>(null)
  let lastId = 0

  function newPane(): Pane {
    lastId += 1
    return createPane({
      id: lastId,
      origin,
      lines: { websocket: openRawLine, "socket.io": openSocketIoLine },
      hasCookie: () => cookieWho.value !== null,
      now: Date.now,
    })
  }
  const panes = signal<readonly Pane[]>([newPane()])

  function add(protocol: ProtocolId): Pane {
    const [first, second] = panes.value
    if (second !== undefined) return second
    const pane = newPane()
    pane.speak(protocol)
    if (first !== undefined) pane.know({ room: first.known.value.room })
    panes.value = [...panes.value, pane].slice(0, PANES_MAX)
    return pane
  }

  return {
    rest,
    panes,
    cookieWho,
    add,

    remove(pane: Pane): void {
      pane.disconnect()
      panes.value = panes.value.filter((it) => it !== pane)
    },

    /** Whether the chat of this server is signed in in this browser, and as whom. */
    async lookForSession(): Promise<void> {
      cookieWho.value = await rest.whoIs("").catch(() => null)
    },

    /**
     * Both connections come into one room and say something there, each by its protocol. Errors:
     * `ParleyError` where the room can't be had, `Error` where nothing was heard in time.
     */
    async twoTalk(hello: (protocol: string) => string, roomName: string): Promise<void> {
      const [first, second] = panes.value
      if (first === undefined || second === undefined) return
      await meet([first, second], roomName)
      for (const pane of [first, second]) {
        pane.connect()
        await until(() => pane.status.value === "open")
        const before = heardBy(pane)
        if (pane.facts.value.joins !== null) pane.perform(pane.facts.value.joins)
        await until(() => heardBy(pane) > before || pane.facts.value.joins === null)
      }
      for (const pane of [first, second]) pane.say(hello(pane.protocol.value))
    },
  }

  /** A place in which both may be, made where there is none. */
  async function meet([first, second]: readonly [Pane, Pane], roomName: string): Promise<void> {
    const [one, other] = [first.who.value, second.who.value]
    if (one === null || other === null) return
    const isPair = [first, second].some((it) => it.facts.value.place === "conversation")
    const place: Partial<Known> = isPair
      ? { conversation: await rest.converse(one, other.username) }
      : { room: await roomFor(one, first.known.value.room, roomName) }
    for (const pane of [first, second]) {
      if (isPair && pane.facts.value.place !== "conversation") pane.speak("socketio-conversations")
      pane.know(place)
    }
  }

  async function roomFor(who: Who, wanted: string, name: string): Promise<string> {
    const isThere = await rest.hasRoom(who, wanted).then(
      () => true,
      () => false,
    )
    return isThere ? wanted : (await rest.createRoom(who, name)).id
  }
}

export type Playground = ReturnType<typeof createPlayground>

const heardBy = (pane: Pane) =>
  pane.log.value.frames.filter((it) => it.direction === "in" && it.layer === "frame").length

/** Resolves once it is so. Errors: `Error` after ten seconds. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error("nothing was heard in time")
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
