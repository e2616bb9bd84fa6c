import type { Addressing, AddressSource } from "../auth/address"
import type { Identify } from "../auth/identify"

export interface OperatorsDeps {
  readonly addressing: Addressing
  readonly identify: Pick<Identify, "identifyOperator">
  /** Development. */
  readonly isOpenToAll: boolean
}

/**
 * What is for those who run the server: in production for those who have the internal key, and
 * for this very machine.
 */
export function createOperators({ addressing, identify, isOpenToAll }: OperatorsDeps) {
  return {
    /** Errors: `unauthorized`. */
    refuseOthers(request: Request, source: AddressSource | null): void {
      if (isOpenToAll) return
      // Who brings a key is judged by it, also on this machine: it may be a proxy's.
      const hasKey = request.headers.has("x-internal-api-key")
      if (!hasKey && addressing.isLocal(request, source)) return
      identify.identifyOperator(request.headers)
    },
  }
}
