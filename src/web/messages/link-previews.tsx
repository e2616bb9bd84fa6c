import type { ApiLinkPreview } from "../../protocol/answers"
import { t } from "../strings"

/** What linked pages say of themselves; without pictures, which would be asked of others. */
export function LinkPreviews({ previews }: { readonly previews: readonly ApiLinkPreview[] }) {
  return previews.map((it) => (isWebAddress(it.url) ? <Card key={it.url} preview={it} /> : null))
}

function Card({ preview }: { readonly preview: ApiLinkPreview }) {
  const { url, title, description, site_name } = preview
  return (
    <a
      class="link-card"
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      aria-label={t().messages.linkPreview(title)}
    >
      <span class="link-card-site">{site_name ?? new URL(url).host}</span>
      <span class="link-card-title">{title}</span>
      {description !== null && <span class="link-card-text">{description}</span>}
    </a>
  )
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
