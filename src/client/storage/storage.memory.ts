import type { Storage, StoredRoom, StoredSend, StoredSession } from "./storage"

/** Keeps everything for as long as the page, or the process, lives. */
export function createMemoryStorage(): Storage {
  const rooms = new Map<string, StoredRoom>()
  const sends = new Map<string, StoredSend>()
  const lines = new Map<string, Promise<unknown>>()
  let session: StoredSession | null = null

  return {
    readSession: async () => session,
    async writeSession(next) {
      session = next
    },
    alone<T>(name: string, task: () => Promise<T>): Promise<T> {
      const turn = (lines.get(name) ?? Promise.resolve()).then(task)
      // Who comes next does not mind how this one went.
      lines.set(
        name,
        turn.catch(() => undefined),
      )
      return turn
    },
    readRooms: async () => [...rooms.values()],
    async writeRooms(changed) {
      for (const room of changed) rooms.set(room.view.room.id, room)
    },
    async removeRoom(roomId) {
      rooms.delete(roomId)
    },
    readSends: async () => [...sends.values()],
    async writeSend(send) {
      sends.set(send.clientId, send)
    },
    async removeSend(clientId) {
      sends.delete(clientId)
    },
    async clear() {
      session = null
      rooms.clear()
      sends.clear()
    },
    close: async () => undefined,
  }
}
