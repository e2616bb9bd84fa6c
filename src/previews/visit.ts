import { LIMITS } from "../protocol/limits"
import { ask } from "./ask"
import { type Description, describe } from "./describe"
import { addressesToAsk, type Reach } from "./reach"

export interface Visiting {
  readonly reach: Reach
  readonly userAgent: string
  /** Whether an address of the network may be asked once more by now. */
  readonly mayAskSite: (address: string) => boolean
  readonly connectMsMax: number
  readonly signal: AbortSignal
  readonly ca?: string | undefined
}

/** How looking at a page ended; `crowded`: its site is asked too often just now. */
export type Outcome =
  | { readonly type: "described"; readonly description: Description }
  | { readonly type: "empty" | "refused" | "crowded" | "failed" }

/** Looks at a page, wherever it leads. Errors: whatever the network says. */
export async function visit(start: URL, visiting: Visiting): Promise<Outcome> {
  let url = start
  for (let redirects = 0; redirects <= LIMITS.linkPreviewRedirectsMax; redirects++) {
    const allowed = await addressesToAsk(url, visiting.reach)
    // The name may have taken its time; nothing is asked after the end.
    visiting.signal.throwIfAborted()
    if (allowed.length === 0) return { type: "refused" }
    const addresses = allowed.filter(visiting.mayAskSite)
    if (addresses.length === 0) return { type: "crowded" }
    const said = await ask(url, {
      ...visiting,
      addresses,
      bytesMax: LIMITS.linkPreviewPageBytesMax,
    })
    if (said.type === "nothing") return { type: "empty" }
    if (said.type === "page") {
      const description = describe(said.bytes, said.charset)
      return description === null ? { type: "empty" } : { type: "described", description }
    }
    if (!URL.canParse(said.location, url.href)) return { type: "failed" }
    const next = new URL(said.location, url)
    // What was asked for in private is not read in the open, where anybody could change it.
    if (url.protocol === "https:" && next.protocol !== "https:") return { type: "refused" }
    url = next
  }
  return { type: "failed" }
}
