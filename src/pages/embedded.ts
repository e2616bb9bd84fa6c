import type { WebFiles } from "./web-file"

/**
 * The web client as `bun run build` made it: there, this file is replaced by one that has it
 * (embed.ts). Null: the server runs from its sources, and makes it when somebody asks.
 */
export const embedded: WebFiles | null = null
