/** An address below `/api/v1`: what is put into it cannot become a part of the way. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((whole, part, index) => {
    return whole + encodeURIComponent(values[index - 1] ?? "") + part
  })
}
