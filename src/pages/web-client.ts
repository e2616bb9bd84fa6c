import { stat } from "node:fs/promises"
import { resolve } from "node:path"
import type { BuiltWeb } from "./build"
import { embedded } from "./embedded"
import type { WebClient, WebFiles } from "./web-file"

export interface WebClientDeps {
  /** In development, a page that is loaded again follows its sources. */
  readonly isProduction: boolean
  readonly folder?: string
}

/**
 * The web client as the binary has it; from source, it is bundled when somebody first asks for it:
 * few starts of a server are followed by a browser within the second (docs/decisions/0023). A
 * failure is not kept, so that who mends the sources need not start the server again.
 */
export function createWebClient({
  isProduction,
  folder = resolve(import.meta.dir, "../web"),
}: WebClientDeps): WebClient {
  let building: Promise<BuiltWeb> | undefined
  let startedAt = 0

  function build(): Promise<BuiltWeb> {
    startedAt = Date.now()
    const made = bundle().catch((error: unknown) => {
      if (building === made) building = undefined
      throw error
    })
    building = made
    return made
  }

  async function bundle(): Promise<BuiltWeb> {
    const { buildWeb } = await import("./build")
    return buildWeb({ folder, effort: "fast", isReadable: !isProduction })
  }

  const current = async (): Promise<WebFiles> => embedded ?? building ?? build()

  async function latest(): Promise<WebFiles> {
    if (embedded !== null) return embedded
    const since = startedAt
    const built = await (building ?? build())
    if (isProduction || !(await hasChanged(built.inputs, since))) return built
    // Somebody else may have noticed the same meanwhile.
    return since === startedAt ? build() : current()
  }

  return {
    page: async (name) => (await latest()).pages[name],
    icon: async () => (await current()).icon,
    async asset(name) {
      const { assets } = await current()
      return Object.hasOwn(assets, name) ? (assets[name] ?? null) : null
    },
  }
}

/** Whether any of our own sources is newer than that, or gone. */
async function hasChanged(paths: readonly string[], since: number): Promise<boolean> {
  const own = paths.filter((path) => !path.includes("/node_modules/"))
  const changes = await Promise.all(
    own.map(async (path) => {
      try {
        return (await stat(path)).mtimeMs > since
      } catch {
        return true // Moved or deleted: the bundler will say what it misses.
      }
    }),
  )
  return changes.includes(true)
}
