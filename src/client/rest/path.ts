/** An address below `/api/v1`: what is put into it cannot become a part of the way. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((whole, part, index) => {
    return whole + asPart(values[index - 1] ?? "") + part
  })
}

/** Also in percents one dot leads nowhere and two lead up; written twice so, they are a name. */
function asPart(value: string): string {
  return /^\.{1,2}$/.test(value) ? value.replaceAll(".", "%252E") : encodeURIComponent(value)
}
