import { MESSAGE } from "../engine-io/packet"

/** Types of packets, as Engine.IO's message carries them. */
const EVENT = `${MESSAGE}2`
const ACK = `${MESSAGE}3`

/**
 * An event of Socket.IO as the frame that carries it over Engine.IO (`42/chat,["name",{…}]`):
 * what the official encoder makes of JSON, without a packet object for each receiver. The payload
 * is JSON; bytes inside it are not what is meant here. Source: socket.io-protocol v5.
 */
export function eventFrame(namespace: string, event: string, payload: unknown): string {
  return `${EVENT}${namespacePart(namespace)}${JSON.stringify([event, payload])}`
}

/** The same of a payload that is JSON already; the name must hold nothing to escape. */
export function eventFrameOfJson(namespace: string, event: string, json: string): string {
  return `${EVENT}${namespacePart(namespace)}["${event}",${json}]`
}

/** The answer to an event that asked for one by this id. */
export function ackFrame(namespace: string, id: number, payload: unknown): string {
  return `${ACK}${namespacePart(namespace)}${id}${JSON.stringify([payload])}`
}

/** The same of a payload that is JSON already. */
export function ackFrameOfJson(namespace: string, id: number, json: string): string {
  return `${ACK}${namespacePart(namespace)}${id}[${json}]`
}

const namespacePart = (namespace: string) => (namespace === "/" ? "" : `${namespace},`)
