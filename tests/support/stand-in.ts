import { watchServer } from "./strange"

export type Handler = (request: Request) => Response

export interface StandIn {
  readonly url: string
  stop(): Promise<void>
}

/** Passes for a Parley server: answers what it is told to, and sends every frame back. */
export function standIn(answer: Handler): StandIn {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, it) => (it.upgrade(request) ? undefined : answer(request)),
    websocket: {
      message(ws, frame) {
        ws.send(frame)
      },
    },
  })
  const url = `http://127.0.0.1:${server.port}`
  watchServer(url)
  return { url, stop: () => server.stop(true) }
}
