import type { ApiProfile } from "../../protocol/answers"

/** What somebody is called. */
export const nameOf = ({ display_name, username }: Pick<ApiProfile, "display_name" | "username">) =>
  display_name ?? username
