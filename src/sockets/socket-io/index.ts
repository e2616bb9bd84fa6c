import type { Addressing } from "../../auth/address"
import type { Claims } from "../../auth/claims"
import type { Identify } from "../../auth/identify"
import type { SocketIoDialect } from "../../dialects/dialect"
import type { Log } from "../../ops/log"
import type { Instant } from "../../protocol/ids"
import type { Publish } from "../connection"
import type { Connections, CountElsewhere } from "../connections"
import type { Gate } from "../gate"
import type { Receive } from "../receive"
import { createAdmission } from "./admission"
import { createEngine, SOCKET_IO_PATH } from "./engine"
import { createLobby } from "./lobby"
import { socketIoRoutes } from "./routes"

export interface SocketIoDeps {
  readonly namespace: string
  readonly identify: Identify
  readonly claims: Claims
  readonly addressing: Addressing
  readonly connections: Connections
  readonly gate: Gate
  readonly perAddressMax: number
  /** Null: this node is alone. */
  readonly guestsElsewhere: CountElsewhere<string> | null
  readonly framesPerSecondMax: number
  readonly isDraining: () => boolean
  readonly inBackground: (task: Promise<unknown>, name: string) => void
  readonly log: Log
  readonly now: () => Instant
  readonly newId: () => string
}

export interface OpenDeps {
  readonly dialects: readonly SocketIoDialect[]
  readonly receive: Receive
  readonly publish: Publish
}

/** Socket.IO on this server: the official one, standing on an engine of our own. */
export function createSocketIo(deps: SocketIoDeps) {
  const lobby = createLobby(deps)
  const engine = createEngine({ ...deps, lobby })
  let openNow = async (): Promise<void> => undefined
  let opening: Promise<void> | null = null
  /** Loading the official server takes as long as all else of a start: whoever comes first waits. */
  const beOpen = (): Promise<void> => {
    opening ??= openNow()
    return opening
  }

  return {
    /** Where it is; a slash at the end means nothing. */
    paths: [SOCKET_IO_PATH, `${SOCKET_IO_PATH}/`],
    routes: socketIoRoutes({ ...deps, engine, beOpen }),
    /** To those who poll: Bun publishes to WebSockets only. Returns how many they are. */
    publishToPollers: engine.publishToPollers,
    countPollers: engine.countPollers,
    /** From now on its namespace can be joined. */
    open({ dialects: [first, ...others], ...rest }: OpenDeps): void {
      if (first === undefined) return
      openNow = async () => {
        const { openNamespace } = await import("./namespace")
        const admit = createAdmission(deps)
        const dialects = [first, ...others] as const
        openNamespace({ ...deps, ...rest, name: deps.namespace, dialects, engine, lobby, admit })
      }
    },
    /** Ends every session; who polls has so long to fetch its last words. */
    async close(graceMs: number): Promise<void> {
      engine.close()
      const deadline = performance.now() + graceMs
      while (engine.clientsCount > 0 && performance.now() < deadline) await Bun.sleep(5)
      engine.discard()
    },
  }
}
