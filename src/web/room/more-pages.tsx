import type { Pages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Waiting } from "../ui/spinner"

/** At the end of a list: that it loads, that it failed, or how to go on. */
export function MorePages<T>({ pages }: { readonly pages: Pages<T> }) {
  if (pages.failure !== null) {
    const retry = <Button onClick={pages.loadMore}>{t().app.retry}</Button>
    return (
      <div class="panel-note">
        <Banner kind="danger" action={retry}>
          {wordsFor(pages.failure)}
        </Banner>
      </div>
    )
  }
  if (pages.isLoading) return <Waiting />
  if (!pages.hasMore) return null
  return (
    <div class="panel-note">
      <Button kind="quiet" onClick={pages.loadMore}>
        {t().room.showMore}
      </Button>
    </div>
  )
}
