export type Encoding = "br" | "gzip" | "identity"

/**
 * The best of the encodings that there are for whom reads the answer. What is refused by `q=0` is
 * not given; among those that are accepted, the smallest is, whatever their order.
 * Source: RFC 9110, section 12.5.3.
 */
export function acceptedEncoding(
  header: string | null,
  there: { readonly br: boolean; readonly gzip: boolean },
): Encoding {
  const accepted = new Set(
    (header ?? "")
      .toLowerCase()
      .split(",")
      .map((part) => part.trim().split(/\s*;\s*/))
      .filter(([, weight]) => !/^q=0(?:\.0{0,3})?$/.test(weight ?? ""))
      .map(([name]) => name),
  )
  if (there.br && accepted.has("br")) return "br"
  return there.gzip && accepted.has("gzip") ? "gzip" : "identity"
}
