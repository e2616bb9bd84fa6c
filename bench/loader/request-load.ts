import type { Socket } from "bun"
import { nowMicros } from "./clock"
import { LatencyHistogram } from "./latency-histogram"
import type { LoadOrder, LoadResult } from "./orders"
import { ResponseReader } from "./response-reader"

type Requests = Extract<LoadOrder, { type: "requests" }>

/**
 * GETs one address over kept-alive connections, one request outstanding on each. A response
 * counts when its last byte is there; any status but 200 ends the load with an error.
 */
export async function loadRequests(order: Requests): Promise<LoadResult> {
  const request = Buffer.from(requestText(order))
  const latency = new LatencyHistogram()
  const cpuBefore = process.cpuUsage()
  const startMicros = nowMicros()
  const endMicros = startMicros + order.seconds * 1_000_000
  const clients = Array.from({ length: order.connections }, () =>
    requestUntil({ port: order.port, request, endMicros, latency }),
  )
  const counts = await Promise.all(clients)
  const cpu = process.cpuUsage(cpuBefore)
  const messages = counts.reduce((total, count) => total + count, 0)
  return {
    seconds: (nowMicros() - startMicros) / 1_000_000,
    messages,
    deliveries: messages,
    latency: latency.summary(),
    eventBytes: 0,
    loaderCpuSeconds: (cpu.user + cpu.system) / 1_000_000,
  }
}

interface ClientParts {
  readonly port: number
  readonly request: Buffer
  readonly endMicros: number
  readonly latency: LatencyHistogram
}

async function requestUntil({ port, request, endMicros, latency }: ClientParts): Promise<number> {
  const done = Promise.withResolvers<number>()
  const response = new ResponseReader()
  let count = 0
  let sentMicros = nowMicros()

  function send(socket: Socket<undefined>): void {
    sentMicros = nowMicros()
    socket.write(request)
  }

  function receive(socket: Socket<undefined>, chunk: Buffer): void {
    const state = response.receive(chunk)
    if (state === "refused") done.reject(new Error("a request was not answered with 200"))
    if (state !== "complete") return
    count++
    latency.add(nowMicros() - sentMicros)
    if (nowMicros() < endMicros) {
      send(socket)
      return
    }
    done.resolve(count)
    socket.end()
  }

  await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: send,
      data: receive,
      close: () => done.reject(new Error("the server closed a connection")),
      error: (_socket, error) => done.reject(error),
    },
  })
  return await done.promise
}

function requestText({ path, port, headers }: Requests): string {
  const lines = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers]
  return `${lines.join("\r\n")}\r\n\r\n`
}
