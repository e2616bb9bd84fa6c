import type { admin as en } from "../en/admin"

export const admin = {
  title: "Verwaltung",
} satisfies typeof en
