/** The path as it was sent, which is what routes are found by; the host before it is a host. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3)
  const end = url.indexOf("?", start)
  return end === -1 ? url.slice(start) : url.slice(start, end)
}
