/**
 * How soon nodes notice and mend what goes wrong between them, in milliseconds. What
 * docs/operations.md promises rests on these.
 */

/** Every node says so often that it is alive, and how much it has told. */
export const BEAT_MS = 500

/** A node that has said nothing for so long is lost: its users are gone with it. */
export const NODE_LOST_MS = 5_000

/** What ends a right waits so long at the most for nodes that are alive to heed it. */
export const SETTLE_MS = 3_000

/** An event that came before an earlier one of its room is held back so long for it. */
export const HOLD_MS = 100

/** Rooms that somebody listens to are compared with the database so often, whatever was heard. */
export const RECONCILE_MS = 2_000

/** What a node has counted is told to the others so often, all of it together. */
export const TELL_COUNTS_MS = 50

/** What is counted for pages that tell how much is going on is told to the others so often. */
export const TELL_TOTALS_MS = 1_000
