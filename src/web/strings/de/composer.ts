import type { composer as en } from "../en/composer"

export const composer = {
  title: "Nachricht schreiben",
} satisfies typeof en
