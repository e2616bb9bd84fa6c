import { Elysia } from "elysia"
import type { Addressing } from "../../auth/address"
import { ChatError } from "../../protocol/errors"
import { type Engine, SOCKET_IO_PATH } from "./engine"

export interface SocketIoRoutesDeps {
  readonly engine: Engine
  /** Before the first request is looked at. */
  readonly beOpen: () => Promise<void>
  readonly addressing: Addressing
}

/**
 * Where Engine.IO is spoken: one address for polls and upgrades, with whatever method, whose
 * bodies are the engine's own. What is said there stands in no document of ours.
 */
export function socketIoRoutes({ engine, addressing, beOpen }: SocketIoRoutesDeps) {
  return new Elysia({ name: "socket-io" }).all(
    `${SOCKET_IO_PATH}/`,
    async ({ request, server, set }) => {
      if (server === null) throw new ChatError("internal", { detail: "there is no server" })
      // Before anything is waited for: afterwards Bun no longer knows.
      const address = addressing.addressOf(request, server)
      await beOpen()
      const answer = await engine.handleRequest(request, server, { address })
      // Upgraded, and answered already. For those who count answers.
      if (answer === undefined) set.status = 101
      return answer
    },
    { parse: "none", detail: { hide: true } },
  )
}
