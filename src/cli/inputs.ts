import { z } from "zod"
import { duration } from "../setting-values"

/** A username, a public id or a numeric id. */
export const UserClaim = z.string().min(1, "must not be empty").max(100)

const LENGTH_MS_MAX = 3_650 * 86_400_000

/** How long something is good for, in milliseconds. */
export const Length = duration.refine(
  (ms) => ms >= 1_000 && ms <= LENGTH_MS_MAX,
  "must be between 1s and 3650d",
)
