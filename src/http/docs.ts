import { Elysia } from "elysia"
import { ChatError } from "../protocol/errors"
import type { DeclaredRoute } from "./openapi/document"

export interface DocsRoutesDeps {
  /** All routes of the server, asked for once it has them. */
  readonly declaredRoutes: () => readonly DeclaredRoute[]
  /** Where `room-commands` is spoken. */
  readonly roomCommandsPath: string
  readonly version: string
  /** What is told over the WebSocket. */
  readonly asyncApi: () => Promise<object>
}

/**
 * The documents and the page that shows one of them. All of it is loaded when somebody first
 * asks: describing every answer takes longer than starting the server (docs/decisions/0012).
 */
export function docsRoutes(deps: DocsRoutesDeps) {
  const { declaredRoutes, roomCommandsPath, version, asyncApi } = deps
  const openApi = once(async () => {
    const { serveOpenApi } = await import("./openapi/swagger")
    return serveOpenApi({ routes: declaredRoutes(), roomCommandsPath, version })
  })
  const asyncApiText = once(async () => JSON.stringify(await asyncApi()))

  return new Elysia({ name: "docs" })
    .get("/swagger", async () => {
      const { swaggerPage } = await import("./swagger-page")
      return swaggerPage()
    })
    .get("/swagger/json", async () => jsonText(await openApi()))
    .get("/swagger/assets/:file", async ({ params }) => {
      const { swaggerAsset } = await import("./swagger-page")
      const asset = swaggerAsset(params.file)
      if (asset === null) throw new ChatError("not_found")
      return asset
    })
    .get("/asyncapi.json", async () => jsonText(await asyncApiText()))
}

/** Made once and kept, but a failure is not. */
function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

const jsonText = (text: string) =>
  new Response(text, {
    headers: { "content-type": "application/json", "cache-control": "no-cache" },
  })
