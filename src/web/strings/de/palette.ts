import type { palette as en } from "../en/palette"

export const palette = {
  title: "Gehe zu",
} satisfies typeof en
