/** An http or https URL, or a path on this server: what clients may put into `src` and `href`. */
export function isWebAddress(text: string): boolean {
  if (/^\/(?![/\\])\S*$/.test(text)) return true
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)
}
