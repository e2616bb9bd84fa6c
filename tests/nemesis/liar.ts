import type { ServerWebSocket } from "bun"

// biome-ignore lint/suspicious/noExplicitAny: it changes any field of any frame.
type Frame = any

/** What a liar makes of a frame on its way: any number of frames, told in this order. */
export type Lie = (frame: Frame) => readonly Frame[]

export interface Liar {
  /** http://127.0.0.1:port, for native WebSockets alone. */
  readonly url: string
  stop(): Promise<void>
}

interface Way {
  readonly server: WebSocket
  readonly early: string[]
}

/** Stands between native clients and their server, and tells them what is not so. */
export function startLiar(
  serverUrl: string,
  { down = (it) => [it], up = (it) => [it] }: { readonly down?: Lie; readonly up?: Lie },
): Liar {
  const pass = (text: string, lie: Lie, to: { send(text: string): void }) => {
    for (const frame of lie(JSON.parse(text))) to.send(JSON.stringify(frame))
  }
  const listener = Bun.serve<Way>({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, self) {
      const authorization = request.headers.get("authorization") ?? ""
      const address = `${serverUrl.replace("http", "ws")}/api/v1/ws`
      const server = new WebSocket(address, { headers: { authorization } })
      if (self.upgrade(request, { data: { server, early: [] } })) return undefined
      return new Response("not a WebSocket", { status: 400 })
    },
    websocket: {
      open(client: ServerWebSocket<Way>) {
        const { server, early } = client.data
        server.onmessage = ({ data }) => pass(String(data), down, client)
        server.onclose = () => client.close()
        server.onopen = () => {
          for (const text of early.splice(0)) pass(text, up, server)
        }
      },
      message({ data: { server, early } }, text) {
        if (server.readyState === WebSocket.OPEN) pass(String(text), up, server)
        else early.push(String(text))
      },
      close: ({ data }) => data.server.close(),
    },
  })
  return {
    url: `http://127.0.0.1:${listener.port}`,
    stop: () => listener.stop(true),
  }
}
