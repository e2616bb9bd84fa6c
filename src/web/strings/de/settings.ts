import type { settings as en } from "../en/settings"

export const settings = {
  title: "Einstellungen",
} satisfies typeof en
