/** `bun run build`: one self-contained binary, migrations and all, that starts in milliseconds. */
export {}

const outfile = process.argv[2] ?? "dist/parley"

const result = await Bun.build({
  entrypoints: ["src/main.ts"],
  target: "bun",
  // Bytecode halves the time to the first answer (bench/ `first-health`).
  bytecode: true,
  format: "cjs",
  minify: true,
  sourcemap: "none",
  compile: { outfile },
})
for (const message of result.logs) console.error(String(message))
if (!result.success) process.exit(1)
console.log(`${outfile}: ${(Bun.file(outfile).size / 1024 ** 2).toFixed(0)} MiB`)
