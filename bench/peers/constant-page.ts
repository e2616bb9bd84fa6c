/**
 * An Elysia route that returns a constant object: what the framework and the JSON of a page cost
 * before any database is asked. The page's file is named by the environment.
 */
import { Elysia } from "elysia"

const page: unknown = await Bun.file(process.env.PAGE_FILE ?? "").json()

const app = new Elysia().get("/page", () => page).listen({ hostname: "127.0.0.1", port: 0 })

console.log(`listening on http://127.0.0.1:${app.server?.port}`)
