import { type ElysiaSwaggerConfig, swagger } from "@elysiajs/swagger"
import { Elysia } from "elysia"
import { type OpenApiOptions, openApiDocument } from "./document"

/**
 * The OpenAPI document as `@elysiajs/swagger` serves it. The plugin sits in an app of its own: it
 * would describe routes by zod schemas that it cannot read, so it is handed what is described
 * already, and it would cost the start of every server.
 */
export async function serveOpenApi(options: OpenApiOptions): Promise<string> {
  // The plugin's type knows OpenAPI 3.0; it passes on what it is handed, and that is 3.1.
  const documentation = openApiDocument(options) as unknown as NonNullable<
    ElysiaSwaggerConfig["documentation"]
  >
  const app = new Elysia().use(swagger({ documentation }))
  const response = await app.handle(new Request("http://localhost/swagger/json"))
  if (!response.ok) throw new Error(`@elysiajs/swagger answered ${response.status}`)
  return response.text()
}
