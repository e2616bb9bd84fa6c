import { networkOf } from "../../auth/address"
import type { EngineSocket } from "../../wire/engine-io/socket"
import type { CountElsewhere } from "../connections"
import type { Gate } from "../gate"

interface Guest {
  readonly leave: () => void
  attempts: number
}

export interface LobbyDeps {
  readonly gate: Pick<Gate, "isExempt">
  /** Of one network; 0 = no limit. */
  readonly perAddressMax: number
  /** By network; null: this node is alone. */
  readonly guestsElsewhere: CountElsewhere<string> | null
}

/** So often a session may ask to be let in: with other credentials, after a refusal. */
const ATTEMPTS_MAX = 10

/**
 * Sessions of Engine.IO that have not joined the namespace: nobody's yet, so they count towards
 * no user's connections. Each has a few seconds, and of one address there are only so many.
 */
export function createLobby({ gate, perAddressMax, guestsElsewhere }: LobbyDeps) {
  const guests = new Map<EngineSocket, Guest>()
  const countByNetwork = new Map<string, number>()

  function count(network: string, change: 1 | -1): void {
    const sum = (countByNetwork.get(network) ?? 0) + change
    if (sum === 0) countByNetwork.delete(network)
    else countByNetwork.set(network, sum)
    if (perAddressMax > 0) guestsElsewhere?.set(network, sum)
  }

  function isFull(address: string): boolean {
    if (perAddressMax === 0 || gate.isExempt(address)) return false
    const network = networkOf(address)
    const elsewhere = guestsElsewhere?.elsewhere(network) ?? 0
    return (countByNetwork.get(network) ?? 0) + elsewhere >= perAddressMax
  }

  return {
    isFull,
    enter(session: EngineSocket): void {
      // Asked before it opened, too; but of many at once none had seen the others.
      if (isFull(session.remoteAddress)) {
        session.close(true)
        return
      }
      const network = networkOf(session.remoteAddress)
      const leave = () => {
        if (!guests.delete(session)) return
        count(network, -1)
        session.off("close", leave)
      }
      guests.set(session, { leave, attempts: 0 })
      count(network, 1)
      session.on("close", leave)
    },
    /** False: it has asked too often, or is not here. */
    mayTry(session: EngineSocket): boolean {
      const guest = guests.get(session)
      return guest !== undefined && ++guest.attempts <= ATTEMPTS_MAX
    },
    leave(session: EngineSocket): void {
      guests.get(session)?.leave()
    },
  }
}

export type Lobby = ReturnType<typeof createLobby>
