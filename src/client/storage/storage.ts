/**
 * Where a client keeps what must outlive it. One account at a time: `clear` forgets everything.
 * Nothing here is needed to work: a browser may refuse to keep things, or lose them.
 */
import type { ApiMessage, ApiRoom } from "../../protocol/answers"
import type { Me, PendingMessage, RoomView } from "../client"

export interface StoredSession {
  readonly user: Me
  readonly accessToken: string
  /** Epoch milliseconds, by this machine's clock. */
  readonly expiresAt: number
  readonly refreshToken: string
}

export interface StoredRoom {
  /** Whose it was: another page may still write what was another account's. */
  readonly userId: string
  readonly view: RoomView
  /** The newest messages that are known without a hole; oldest first. */
  readonly messages: readonly ApiMessage[]
  /** Everything up to this seq of this epoch has been seen. */
  readonly epoch: string
  readonly until: number
}

export interface StoredSend extends Omit<PendingMessage, "delay"> {
  /** Who wrote it. Nobody else ever sends it. */
  readonly userId: string
  readonly roomId: ApiRoom["id"]
}

export interface Storage {
  /** Shared by all pages of an account: another page may have put a newer one there. */
  readSession(): Promise<StoredSession | null>
  writeSession(session: StoredSession | null): Promise<void>
  /** Runs it while no other page does the same; a refresh token works only once. */
  alone<T>(name: string, task: () => Promise<T>): Promise<T>

  readRooms(): Promise<readonly StoredRoom[]>
  writeRooms(rooms: readonly StoredRoom[]): Promise<void>
  removeRoom(roomId: string): Promise<void>

  readSends(): Promise<readonly StoredSend[]>
  writeSend(send: StoredSend): Promise<void>
  removeSend(clientId: string): Promise<void>

  clear(): Promise<void>
  close(): Promise<void>
}
