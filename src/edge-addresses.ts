import { z } from "zod"

/** Segments of characters that mean nothing in a URL, in a route or in a log; none is a dot step. */
const SAFE_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+)+$/

const safePath = z
  .string()
  .max(100, "must have at most 100 characters")
  .regex(
    SAFE_PATH,
    "must be a path like /ws/chat, of letters, digits and _ . -, with no / at its end",
  )

/** Addresses of the server's own, and those under which everything is its own. */
const TAKEN = [
  "/ws",
  "/chat/ws",
  "/health",
  "/ready",
  "/metrics",
  "/stats",
  "/send-system-message",
  "/asyncapi.json",
  "/playground",
  "/favicon.svg",
  "/manifest.webmanifest",
]
const TAKEN_BELOW = ["/api", "/swagger", "/socket.io", "/websocket", "/assets"]

/** Whether something else answers there. Letters of another case would be too easy to mistake. */
function isTaken(path: string): boolean {
  const folded = path.toLowerCase()
  return (
    TAKEN.includes(folded) ||
    TAKEN_BELOW.some((root) => folded === root || folded.startsWith(`${root}/`))
  )
}

/** Where `room-commands` is spoken: anywhere that nothing else is. */
export const webSocketPath = safePath.refine((path) => !isTaken(path), {
  error: "must not be one of the server's own addresses",
})

/** Of Socket.IO: it looks like a path and is none, so it can collide with nothing. */
export const socketIoNamespace = safePath
