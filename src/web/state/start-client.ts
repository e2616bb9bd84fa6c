import { type Client, createBrowserStorage, createClient } from "../../client"

/** The client of this page, which keeps what it knows in the browser. */
export const startClient = (): Client => createClient({ storage: createBrowserStorage() })
