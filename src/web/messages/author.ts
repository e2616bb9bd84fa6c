import type { ApiProfile } from "../../protocol/answers"
import { personName } from "../state/names"

/** What somebody is called. */
export const nameOf = (profile: Pick<ApiProfile, "display_name" | "username">): string =>
  personName(profile)
