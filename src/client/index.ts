/** The SDK of Parley: a client for browsers, Node and Bun. */
export type * from "./api"
export type * from "./client"
export { createClient } from "./create-client"
export { type ClientErrorCode, ParleyError } from "./error"
export type { Live } from "./live"
export type * from "./storage"
export { type BrowserStorageOptions, createBrowserStorage } from "./storage.browser"
export { createMemoryStorage } from "./storage.memory"
