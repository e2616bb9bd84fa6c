/**
 * The address that lets people in, on the page's own address: the code stands behind `#`, so it
 * reaches no server's log.
 */
export function inviteLink(code: string, pageUrl: string): string {
  const url = new URL(pageUrl)
  return `${url.origin}${url.pathname}#/invite/${encodeURIComponent(code)}`
}
