import type { Page, PageQuery } from "../api"
import { LIMITS } from "../limits"

/** A list page by page, each asked for when it is wanted. Errors: those of `list`. */
export async function* pagesOf<Item>(
  list: (page: PageQuery) => Promise<Page<Item>>,
): AsyncGenerator<readonly Item[]> {
  let cursor: string | null = null
  do {
    const page: Page<Item> = await list({ cursor, limit: LIMITS.listLimitMax })
    yield page.items
    cursor = page.cursor
  } while (cursor !== null)
}
