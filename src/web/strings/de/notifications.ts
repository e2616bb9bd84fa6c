import type { notifications as en } from "../en/notifications"

export const notifications = {
  title: "Mitteilungen",
} satisfies typeof en
