import type { ComponentChildren } from "preact"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Waiting } from "../ui/spinner"
import type { OwnList } from "./use-own-list"

export interface PagedListProps<T extends { readonly id: string }> {
  readonly list: OwnList<T>
  /** What is said where there is nothing. */
  readonly none: string
  readonly children: (item: T) => ComponentChildren
}

/** All of a list, more of it upon a press, and what went wrong with a way to try again. */
export function PagedList<T extends { readonly id: string }>(props: PagedListProps<T>) {
  const { list, none, children } = props
  const { items, isLoading, failure, hasMore, loadMore } = list
  const { app } = t()
  const isKnown = !isLoading && failure === null
  return (
    <>
      <ul class="settings-list">
        {items.map((item) => (
          <li key={item.id}>{children(item)}</li>
        ))}
      </ul>
      {items.length === 0 && isKnown && <p class="field-hint">{none}</p>}
      {isLoading && items.length === 0 && <Waiting />}
      {failure !== null && (
        <Banner kind="danger" action={<Button onClick={loadMore}>{app.retry}</Button>}>
          {wordsFor(failure)}
        </Banner>
      )}
      {hasMore && (
        <Button isBusy={isLoading} onClick={loadMore}>
          {app.more}
        </Button>
      )}
    </>
  )
}
