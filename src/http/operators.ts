import type { Addressing, AddressSource } from "../auth/address"
import { secretsMatch } from "../auth/secrets"
import { ChatError } from "../protocol/errors"

export interface OperatorsDeps {
  readonly addressing: Addressing
  /** Development. */
  readonly isOpenToAll: boolean
  readonly internalApiKey: string | null
}

/**
 * What is for those who run the server: in production for those who have the internal key, and
 * for this very machine.
 */
export function createOperators({ addressing, isOpenToAll, internalApiKey }: OperatorsDeps) {
  function isOne(request: Request, source: AddressSource | null): boolean {
    if (isOpenToAll) return true
    const given = request.headers.get("x-internal-api-key")
    if (given !== null) return internalApiKey !== null && secretsMatch(given, internalApiKey)
    return addressing.isLocal(request, source)
  }

  return {
    /** Errors: `unauthorized`. */
    refuseOthers(request: Request, source: AddressSource | null): void {
      if (isOne(request, source)) return
      throw new ChatError("unauthorized", { detail: "x-internal-api-key is missing or wrong" })
    },
  }
}
