import packageJson from "../../package.json"

/** Built into the binary. */
export const VERSION: string = packageJson.version
