import type { playground as en } from "../en/playground"

export const playground = {
  title: "Spielwiese",
} satisfies typeof en
