import type { Config } from "./config"
import type { WebClient } from "./pages/web-file"

interface Given {
  readonly version: string
  readonly webClient?: WebClient | undefined
}

/** What is loaded when somebody asks for it: a server that starts has nobody looking at it yet. */
export function createLoadedLate(
  { CHAT_WEB_CLIENT, isProduction }: Pick<Config, "CHAT_WEB_CLIENT" | "isProduction">,
  { version, webClient: given }: Given,
) {
  let webClient = given

  async function loadWebClient(): Promise<WebClient> {
    if (webClient !== undefined) return webClient
    const { createWebClient } = await import("./pages/web-client")
    webClient ??= createWebClient({ isProduction })
    return webClient
  }

  return {
    /** Null: this server has none. */
    webClient: CHAT_WEB_CLIENT ? loadWebClient : null,
    async asyncApi(): Promise<object> {
      const { asyncApiDocument } = await import("./dialects/native/asyncapi")
      return asyncApiDocument({ version })
    },
  }
}
