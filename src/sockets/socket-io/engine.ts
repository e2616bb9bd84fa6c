import { randomBytes } from "node:crypto"
import type { Identify } from "../../auth/identify"
import type { Log } from "../../ops/log"
import { ChatError, ERRORS } from "../../protocol/errors"
import type { Instant } from "../../protocol/ids"
import { LIMITS } from "../../protocol/limits"
import { createEngineServer } from "../../wire/engine-io/server"
import type { EngineSocket } from "../../wire/engine-io/socket"
import { type Gate, tooMany } from "../gate"
import { FrameRate } from "../rate-limit"
import type { Lobby } from "./lobby"

export const SOCKET_IO_PATH = "/socket.io"

export interface EngineDeps {
  readonly identify: Pick<Identify, "refuseForeignPage">
  readonly gate: Gate
  readonly lobby: Lobby
  /** 0 = no limit. */
  readonly framesPerSecondMax: number
  readonly log: Log
  readonly now: () => Instant
}

/** As the official server has it where nothing is set; clients are told. */
const PINGS = { pingIntervalMs: 25_000, pingTimeoutMs: 20_000 } as const

const PACKETS_PER_FRAME = 2

/** What Socket.IO stands on here: sessions of Engine.IO, and who may open one. */
export function createEngine(deps: EngineDeps) {
  const { identify, gate, lobby, framesPerSecondMax, log, now } = deps
  const engine = createEngineServer({
    path: SOCKET_IO_PATH,
    ...PINGS,
    payloadBytesMax: LIMITS.socketPayloadBytesMax,
    upgradeTimeoutMs: 10_000,
    bodyTimeoutMs: 10_000,
    closeTimeoutMs: 10_000,
    packetsPerPayloadMax: 1_000,
    bufferedBytesMax: LIMITS.socketBacklogBytesMax,
    // Users and addresses are bounded; together they may be as many as memory holds.
    socketsMax: Number.MAX_SAFE_INTEGER,
    allowRequest: ({ headers, url }, { address }) => {
      try {
        gate.refuseIfDraining()
        if (lobby.isFull(address)) throw tooMany("address")
        identify.refuseForeignPage(headers, { urlToken: new URL(url).searchParams.get("token") })
        return null
      } catch (error) {
        if (error instanceof ChatError) return refusal(error)
        throw error
      }
    },
    newId: () => randomBytes(15).toString("base64url"),
    now: () => performance.now(),
    report: (err) => log.error({ err }, "something of a Socket.IO client failed"),
  })
  engine.on("connection", (session: EngineSocket) => {
    if (framesPerSecondMax > 0) limitPackets(session)
    lobby.enter(session)
  })
  return engine

  /**
   * Of whatever packets, also of who has yet to join: acknowledgements, and joining what is not
   * there, cost something too. At twice the rate, for events beyond it are answered before that.
   */
  function limitPackets(session: EngineSocket): void {
    let rate: FrameRate | null = null
    session.on("packet", () => {
      rate ??= new FrameRate(PACKETS_PER_FRAME * framesPerSecondMax, now())
      if (rate.take(now()) === "close") session.close(true)
    })
  }
}

export type Engine = ReturnType<typeof createEngine>

/** In the form of Engine.IO's own refusals, which clients of it read. */
function refusal({ code, message }: ChatError): Response {
  const { status } = ERRORS[code]
  return Response.json({ code: status === 403 ? 4 : 3, message }, { status })
}
