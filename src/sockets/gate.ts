import { isLoopback, networkOf } from "../auth/address"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Connections } from "./connections"

export interface GateDeps {
  readonly connections: Connections
  /** Whether connections from this very machine count towards the limit per address. */
  readonly countsLoopback: boolean
  readonly isDraining: () => boolean
}

/** Whether there is room for one more connection, whatever carries it. */
export function createGate({ connections, countsLoopback, isDraining }: GateDeps) {
  return {
    /** Who opens a connection now would not hear its goodbye. Errors: `overloaded`. */
    refuseIfDraining(): void {
      if (!isDraining()) return
      throw new ChatError("overloaded", { detail: "the server is stopping", retryAfterMs: 5_000 })
    },
    /** Whether this address is none that limits count. */
    isExempt: (address: string): boolean => !countsLoopback && isLoopback(address),
    /** Errors: `rate_limited`. */
    refuseAddress(address: string): void {
      if (this.isExempt(address) || !connections.isAddressFull(networkOf(address))) return
      throw tooMany("address")
    },
    /** Errors: `rate_limited`. */
    refuseUser({ user }: Actor): void {
      if (connections.isUserFull(user.numericId)) throw tooMany("user")
    },
  }
}

export type Gate = ReturnType<typeof createGate>

export const tooMany = (whose: "address" | "user") =>
  new ChatError("rate_limited", {
    detail: `too many connections of this ${whose}`,
    retryAfterMs: 10_000,
  })
