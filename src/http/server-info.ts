import { Elysia } from "elysia"
import type { ApiServerInfo } from "../protocol/server-answers"

export interface ServerInfoRoutesDeps {
  readonly serverInfo: ApiServerInfo
}

/** What a client shows before anybody has an account. */
export const serverInfoRoutes = ({ serverInfo }: ServerInfoRoutesDeps) =>
  new Elysia({ name: "server-info" }).get("/server", () => serverInfo)
