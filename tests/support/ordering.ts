import { plainOrdering } from "../../src/sockets/ordering"

/** Of a server that is alone, in whose rooms nothing has been told yet. */
export const alone = {
  ordering: plainOrdering({ toldOf: () => 0 }),
  doubt: () => undefined,
}
