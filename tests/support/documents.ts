import { asyncApiDocument } from "../../src/dialects/native/asyncapi"
import { type DeclaredRoute, openApiDocument } from "../../src/http/openapi/document"
import { assembleServer } from "./server"

const VERSION = "0.0.0"

/** The routes of a whole server, which never listens. */
export const declaredRoutes = (): readonly DeclaredRoute[] => assembleServer().server.app.routes

/** The documents as clients get them, or, to hold answers against, with no room for more fields. */
export const documents = (unknownFields: "allowed" | "refused") => ({
  openApi: openApiDocument({
    routes: declaredRoutes(),
    roomCommandsPath: "/ws/chat",
    version: VERSION,
    unknownFields,
  }),
  asyncApi: asyncApiDocument({ version: VERSION, unknownFields }),
})
