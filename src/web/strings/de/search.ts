import type { search as en } from "../en/search"

export const search = {
  title: "Suche",
} satisfies typeof en
