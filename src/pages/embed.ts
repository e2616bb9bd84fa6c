import { join } from "node:path"
import type { BunPlugin } from "bun"
import { buildWeb } from "./build"
import type { WebFile } from "./web-file"

export interface EmbedOptions {
  /** Where the sources of the web client lie. */
  readonly folder: string
  /** Where what is made of them may lie until the binary has it. */
  readonly scratch: string
}

/**
 * Puts the web client into the binary: `embedded.ts` becomes a module that names files, and the
 * compiler takes in what they are. They are read when they are sent, so that a program which nobody
 * looks at starts as fast as without them.
 */
export async function embedWeb({ folder, scratch }: EmbedOptions): Promise<BunPlugin> {
  // Before the binary is: one build inside another waits for ever (Bun 1.4.5).
  const contents = await writeModule(folder, scratch)
  return {
    name: "embed-web",
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]pages[\\/]embedded\.ts$/ }, () => ({
        contents,
        loader: "ts",
      }))
    },
  }
}

async function writeModule(folder: string, scratch: string): Promise<string> {
  const { pages, icon, assets } = await buildWeb({ folder, effort: "small", isReadable: false })
  const imports: string[] = []

  async function take(content: Blob, extension: string): Promise<string> {
    const path = join(scratch, `web-${imports.length}${extension}`)
    const name = `file${imports.length}`
    imports.push(`import ${name} from ${JSON.stringify(path)} with { type: "file" }`)
    await Bun.write(path, content)
    return `Bun.file(${name})`
  }
  const takeOr = async (content: Blob | null, extension: string) =>
    content === null ? "null" : await take(content, extension)

  async function describe({ type, bytes, gzip, brotli, hash }: WebFile): Promise<string> {
    const fields = [
      `type: ${JSON.stringify(type)}`,
      `hash: ${JSON.stringify(hash)}`,
      `bytes: ${await take(bytes, ".raw")}`,
      `gzip: ${await takeOr(gzip, ".gz")}`,
      `brotli: ${await takeOr(brotli, ".br")}`,
    ]
    return `{ ${fields.join(", ")} }`
  }

  async function describeAll(files: Readonly<Record<string, WebFile>>): Promise<string> {
    const entries: string[] = []
    for (const [name, file] of Object.entries(files)) {
      entries.push(`${JSON.stringify(name)}: ${await describe(file)}`)
    }
    return `{ ${entries.join(",\n")} }`
  }

  const parts = [
    `pages: ${await describeAll(pages)}`,
    `icon: ${await describe(icon)}`,
    `assets: ${await describeAll(assets)}`,
  ]
  return `${imports.join("\n")}\nexport const embedded = { ${parts.join(",\n")} }\n`
}
