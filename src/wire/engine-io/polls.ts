import { readBody } from "./body"
import { decodePayload } from "./payload"
import { PollingTransport } from "./polling"
import { refusalResponse } from "./refusal"
import type { EngineSettings } from "./settings"
import type { EngineSocket } from "./socket"

/** A GET of a session that polls. Answered when there is something to say. */
export function answerPoll(socket: EngineSocket, request: Request): Response | Promise<Response> {
  const { transport } = socket
  if (!(transport instanceof PollingTransport)) return refusalResponse("badRequest")
  if (socket.readyState !== "closing") return transport.poll(request.signal)
  const { answer, isLast } = transport.lastWords()
  if (isLast) socket.finish("forced close")
  return answer
}

/** A POST of a session that polls. Whatever is wrong with it ends the session. */
export async function answerPost(
  socket: EngineSocket,
  request: Request,
  settings: EngineSettings,
): Promise<Response> {
  const { transport } = socket
  if (!(transport instanceof PollingTransport)) return refusalResponse("badRequest")
  const isBinary = request.headers.get("content-type") === "application/octet-stream"
  if (transport.isReceiving || isBinary) {
    socket.finish("transport error")
    return refusalResponse("badRequest")
  }
  transport.isReceiving = true
  const body = await readBody(request, {
    bytesMax: settings.payloadBytesMax,
    timeoutMs: settings.bodyTimeoutMs,
  })
  transport.isReceiving = false
  // It may have ended or moved on while this was read.
  if (socket.transport !== transport || socket.readyState === "closed") {
    return refusalResponse("badRequest")
  }
  if (body.kind !== "text") {
    socket.finish("transport error")
    return refusalResponse(BODY_REFUSALS[body.kind])
  }
  const packets = decodePayload(body.text, settings.packetsPerPayloadMax)
  if (packets === null) {
    socket.finish("parse error")
    return refusalResponse("badRequest")
  }
  for (const packet of packets) socket.onPacket(packet)
  return new Response("ok", {
    headers: { "content-type": "text/html", "cache-control": "no-store" },
  })
}

const BODY_REFUSALS = {
  tooLarge: "bodyTooLarge",
  tooSlow: "bodyTooSlow",
  broken: "badRequest",
} as const
