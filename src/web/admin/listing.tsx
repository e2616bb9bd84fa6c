import type { IconNode } from "lucide"
import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { Page, PageQuery } from "../../client/api"
import { usePages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import { TextInput } from "../ui/input"
import { Waiting } from "../ui/spinner"
import "./listing.css"

const PAUSE_MS = 200

export interface ListingProps<T> {
  /** What the box for searching is called. */
  readonly search: string
  readonly load: (query: PageQuery & { readonly query?: string }) => Promise<Page<T>>
  readonly icon: IconNode
  readonly columns: readonly string[]
  /** What the table is called. */
  readonly label: string
  /** A row of the table. */
  readonly row: (item: T) => ComponentChildren
}

/** A table of what was found, which grows by pages. On phones its rows are cards. */
export function Listing<T>({ search, load, icon, columns, label, row }: ListingProps<T>) {
  const [query, setQuery] = useState("")
  const wanted = query.trim()
  const found = usePages(
    wanted,
    (cursor) => load({ cursor, ...(wanted === "" ? {} : { query: wanted }) }),
    PAUSE_MS,
  )
  const { admin, app } = t()
  const isEmpty = found.items.length === 0
  return (
    <div class="listing">
      <TextInput
        type="search"
        aria-label={search}
        placeholder={search}
        value={query}
        onInput={setQuery}
      />
      {!isEmpty && (
        <table class="listing-table">
          <caption class="visually-hidden">{label}</caption>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{found.items.map(row)}</tbody>
        </table>
      )}
      {found.failure !== null && (
        <Banner kind="danger" action={<Button onClick={found.loadMore}>{app.retry}</Button>}>
          {wordsFor(found.failure)}
        </Banner>
      )}
      {isEmpty && found.isLoading && <Waiting />}
      {isEmpty && !found.isLoading && found.failure === null && (
        <EmptyState icon={icon} title={admin.noneFound} />
      )}
      {found.hasMore && (
        <Button isBusy={found.isLoading} onClick={found.loadMore}>
          {admin.showMore}
        </Button>
      )}
    </div>
  )
}
