import type { Hello, OkData } from "../../protocol/server-frames"
import { notReached } from "../carrier"
import { createDeferred, type Deferred } from "../deferred"
import { ParleyError } from "../error"
import type { Credential } from "../session/credentials"
import type { Told } from "./connection"
import { readFrame } from "./frames"

/** The name of the protocol; `SUBPROTOCOL` of the server's, whose module brings schemas along. */
const SUBPROTOCOL = "parley.v1"

export interface LineDeps {
  readonly url: string
  readonly WebSocket: typeof WebSocket
  readonly credential: Credential
  readonly onTold: (frame: Told) => void
  /** Anything came. */
  readonly onHeard: () => void
}

/** One socket, from its opening to its end. */
export interface Line {
  /** Once: until the server has said `hello`. Errors: what it said instead, or `offline`. */
  open(): Promise<Hello>
  /** Never rejects. `wasOpen`: the server agreed to speak; a browser does not tell why it did not. */
  readonly closed: Promise<Ending>
  ask(type: string, data: unknown): Promise<OkData>
  close(): void
}

export interface Ending {
  readonly code: number
  readonly wasOpen: boolean
}

/** A goodbye without complaint. */
const NORMAL = 1000

export function openLine(deps: LineDeps): Line {
  const { credential, onTold, onHeard } = deps
  const socket = createSocket(deps)
  const waiting = new Map<number, Deferred<OkData>>()
  const ready = createDeferred<void>()
  const greeting = createDeferred<Hello>()
  const closed = createDeferred<Ending>()
  let nextId = 1
  let wasOpen = false
  let isOver = false
  let waitingMax = Number.POSITIVE_INFINITY

  async function ask(type: string, data: unknown): Promise<OkData> {
    if (isOver || socket.readyState !== socket.OPEN) throw notReached()
    if (waiting.size >= waitingMax) throw tooManyWait()
    const id = nextId++
    const answer = createDeferred<OkData>()
    waiting.set(id, answer)
    socket.send(JSON.stringify({ type, id, data }))
    return answer.promise
  }

  function take(id: number | null): Deferred<OkData> | undefined {
    if (id === null) return undefined
    const answer = waiting.get(id)
    waiting.delete(id)
    return answer
  }

  function onFrame(text: string): void {
    const heard = readFrame(text)
    switch (heard.type) {
      case "hello":
        waitingMax = heard.hello.limits.max_pending_frames
        greeting.resolve(heard.hello)
        break
      case "ok":
        take(heard.id)?.resolve(heard.data)
        break
      case "refused":
        take(heard.id)?.reject(heard.error)
        break
      case "told":
        onTold(heard.frame)
        break
      case "unknown":
        break
    }
  }

  function end(code: number): void {
    if (isOver) return
    isOver = true
    const lost = notReached()
    for (const answer of [ready, greeting, ...waiting.values()]) answer.reject(lost)
    waiting.clear()
    closed.resolve({ code, wasOpen })
  }

  /**
   * Says first who this is, in any case: a page's cookie may have told it already, but nobody here
   * can know whose cookie it is, and the token of another one is refused.
   */
  async function open(): Promise<Hello> {
    await ready.promise
    if (credential.type === "token") await ask("auth", { token: credential.secret })
    return greeting.promise
  }

  socket.onopen = () => {
    wasOpen = true
    ready.resolve()
  }
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (isOver || typeof data !== "string") return
    onHeard()
    onFrame(data)
  }
  socket.onclose = ({ code }) => end(code)
  // What is wrong is told by `onclose`, which always follows.
  socket.onerror = () => undefined

  return {
    open,
    closed: closed.promise,
    ask,
    close() {
      // Not waited for: over a network that is gone the goodbye takes minutes.
      end(NORMAL)
      socket.close(NORMAL)
    },
  }
}

const tooManyWait = () =>
  new ParleyError("overloaded", "too many frames wait for their answers", { isRetryable: true })

/** Keys stand in a header, which Node's and Bun's sockets can have and browsers' cannot. */
function createSocket({ url, WebSocket: Socket, credential }: LineDeps): WebSocket {
  if (credential.type === "token") return new Socket(url, SUBPROTOCOL)
  const options = { protocols: [SUBPROTOCOL], headers: { "x-api-key": credential.secret } }
  return Reflect.construct(Socket, [url, options])
}
