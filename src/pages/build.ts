import { basename, resolve } from "node:path"
import { nameByContent } from "./asset-names"
import { bundleError } from "./bundle-error"
import { pageHtml } from "./html"
import { type Effort, packFile } from "./pack"
import { PAGES, type PageName, type WebFile, type WebFiles } from "./web-file"

export interface BuildOptions {
  /**
   * Where the sources lie: `main.tsx` and `playground/main.tsx`, one a page, and `early.ts`, which
   * runs before anything of either is drawn.
   */
  readonly folder: string
  readonly effort: Effort
  /** Whether what developers read is left readable, with the sources beside it. */
  readonly isReadable: boolean
}

export interface BuiltWeb extends WebFiles {
  /** The sources that it was made of, as paths. */
  readonly inputs: readonly string[]
}

const TITLES = { home: "Parley", playground: "Parley: playground" } as const
const ENTRIES = { home: "main.tsx", playground: "playground/main.tsx" } as const

const ASSETS = "/assets/"
const NAMING = "[name]-[hash].[ext]"
const ICON = resolve(import.meta.dir, "favicon.svg")

/** Bundles the web client. Throws what says, in its message, what is wrong with the sources. */
export async function buildWeb(options: BuildOptions): Promise<BuiltWeb> {
  try {
    return await bundle(options)
  } catch (error) {
    throw bundleError(error)
  }
}

async function bundle({ folder, effort, isReadable }: BuildOptions): Promise<BuiltWeb> {
  const entryOf = (page: PageName) => resolve(folder, ENTRIES[page])
  const settings = {
    target: "browser",
    minify: !isReadable,
    sourcemap: isReadable ? "linked" : "none",
    naming: { entry: NAMING, chunk: NAMING, asset: NAMING },
    publicPath: ASSETS,
    // Libraries keep their checks for developers out of what is sent.
    define: { "process.env.NODE_ENV": '"production"' },
  } as const
  const { outputs, metafile } = await Bun.build({
    ...settings,
    entrypoints: PAGES.map(entryOf),
    format: "esm",
    splitting: true,
    metafile: true,
  })
  const entrypoint = resolve(folder, "early.ts")
  const { outputs: early } = await Bun.build({
    ...settings,
    entrypoints: [entrypoint],
    format: "iife",
  })
  const files = await nameByContent([...outputs, ...early])
  const addressOf = (made: string) => ASSETS + (files.get(made)?.name ?? made)
  const meta = readMeta(metafile)
  // A script brings no styles by itself: those of all that a page may load later are in its own.
  const linked = new Set(PAGES.map((page) => meta.entry(entryOf(page)).styles))
  const assets: Record<string, WebFile> = {}
  await Promise.all(
    [...outputs, ...early].map(async (output) => {
      const made = basename(output.path)
      const type = output.type || "application/octet-stream"
      if (type.startsWith("text/css") && !linked.has(made)) return
      const isMap = output.kind === "sourcemap"
      const { name, content } = files.get(made) ?? { name: made, content: output }
      assets[name] = await packFile(content, { type, effort: isMap ? "fast" : effort })
    }),
  )
  const pageOf = async (page: PageName): Promise<WebFile> => {
    const { script, preloads, styles } = meta.entry(entryOf(page))
    const html = pageHtml({
      title: TITLES[page],
      early: early
        .filter(({ kind }) => kind === "entry-point")
        .map(({ path }) => addressOf(basename(path))),
      script: addressOf(script),
      preloads: preloads.map(addressOf),
      styles: styles === null ? [] : [addressOf(styles)],
    })
    return packFile(new Blob([html]), { type: "text/html;charset=utf-8", effort })
  }
  return {
    pages: { home: await pageOf("home"), playground: await pageOf("playground") },
    icon: await packFile(Bun.file(ICON), { type: "image/svg+xml", effort }),
    assets,
    inputs: [...meta.inputs, entrypoint],
  }
}

/** What the bundler tells of what it made: paths in it are relative to where it runs. */
function readMeta(metafile: Bun.BuildMetafile | undefined) {
  if (metafile === undefined) throw new Error("the bundler tells nothing of what it made")
  const outputs = Object.entries(metafile.outputs).map(([path, it]) => ({
    ...it,
    name: basename(path),
  }))
  const importsOf = (name: string): readonly string[] =>
    (outputs.find((it) => it.name === name)?.imports ?? [])
      .filter(({ kind }) => kind === "import-statement")
      .map(({ path }) => basename(path))

  return {
    inputs: Object.keys(metafile.inputs).map((path) => resolve(path)),
    entry(path: string) {
      const made = outputs.find(
        ({ entryPoint, name }) =>
          name.endsWith(".js") && entryPoint !== undefined && resolve(entryPoint) === path,
      )
      if (made === undefined) throw new Error(`the bundler made nothing of ${path}`)
      const preloads = new Set<string>()
      const pending = [...importsOf(made.name)]
      for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        if (preloads.has(name)) continue
        preloads.add(name)
        pending.push(...importsOf(name))
      }
      return {
        script: made.name,
        preloads: [...preloads],
        styles: made.cssBundle === undefined ? null : basename(made.cssBundle),
      }
    },
  }
}
