import type { Dialect } from "./dialect"
import { native } from "./native"

/** Every protocol that is spoken. Adding one is a folder and a line here. */
export const DIALECTS: readonly Dialect[] = [native]
