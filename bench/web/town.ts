import { z } from "zod"
import type { Account } from "../parley"

/** Speaks to a server as somebody who is not measured. */
export interface Neighbour {
  post(path: string, body?: unknown): Promise<unknown>
  put(path: string, body?: unknown): Promise<unknown>
  /** Sends so many messages a second to a room for so long; settles when all are stored. */
  talk(roomId: string, pace: { perSecond: number; seconds: number }): Promise<void>
}

/** Of the 256 that may wait on one connection, with some to spare. */
const UNANSWERED_MAX = 200

export function createNeighbour(url: string, { token }: Account): Neighbour {
  const ask =
    (method: string) =>
    async (path: string, body: unknown = {}) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
      return response.status === 204 ? null : await response.json()
    }

  async function talk(
    roomId: string,
    { perSecond, seconds }: { perSecond: number; seconds: number },
  ) {
    const ws = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws?token=${token}`)
    await new Promise((resolve) => ws.addEventListener("message", resolve, { once: true }))
    const total = perSecond * seconds
    const stored = Promise.withResolvers<void>()
    let answered = 0
    ws.addEventListener("message", ({ data }) => {
      const { type } = z.object({ type: z.string() }).parse(JSON.parse(String(data)))
      if (type === "error") stored.reject(new Error(String(data)))
      if (type === "ok" && ++answered === total) stored.resolve()
    })
    const startedAt = performance.now()
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.ceil(((performance.now() - startedAt) * perSecond) / 1000))
      // No more wait for their answers than the server takes from one connection.
      for (; sent < due && sent - answered < UNANSWERED_MAX; sent++) {
        const content = `Message ${sent} says something, **as people do**, of about this length.`
        const data = { room_id: roomId, content }
        ws.send(JSON.stringify({ type: "message.send", id: sent, data }))
      }
      await Bun.sleep(2)
    }
    await stored.promise
    ws.close()
  }

  return { post: ask("POST"), put: ask("PUT"), talk }
}

const madeSchema = z.object({ id: z.string() })
const foundSchema = z.array(z.object({ id: z.string(), username: z.string() }))

/** Makes rooms in which something was said, and adds somebody to each; gives the rooms' ids. */
export async function buildTown(
  url: string,
  owner: Account,
  { username, rooms, messages }: { username: string; rooms: number; messages: number },
): Promise<readonly string[]> {
  const neighbour = createNeighbour(url, owner)
  const response = await fetch(`${url}/api/v1/users?query=${username}`, {
    headers: { authorization: `Bearer ${owner.token}` },
  })
  // Where many were seeded, bench-1 is found together with bench-10.
  const found = foundSchema.parse(await response.json())
  const guest = found.find((it) => it.username === username)
  if (guest === undefined) throw new Error(`there is no ${username}`)
  const ids: string[] = []
  for (let room = 0; room < rooms; room++) {
    const { id } = madeSchema.parse(await neighbour.post("/rooms", { name: `Room ${room}` }))
    await neighbour.put(`/rooms/${id}/members/${guest.id}`)
    await neighbour.talk(id, { perSecond: 1_000, seconds: messages / 1_000 })
    ids.push(id)
  }
  return ids
}
