/** Pieces of Markdown, as short as they may be: what they look like is for the formatter. */
export const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")

export const jsonBlock = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``

/** The page as `bun run check` wants it. Errors: when the formatter fails, what it says. */
export function formatted(markdown: string): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(
    [process.execPath, "--bun", "x", "biome", "format", "--stdin-file-path=page.md"],
    { stdin: Buffer.from(markdown) },
  )
  if (exitCode !== 0) throw new Error(`biome could not format a page: ${stderr}`)
  return stdout.toString()
}
