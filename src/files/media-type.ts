import type { Received } from "./incoming"

const TEXT = "text/plain"
const UNKNOWN = "application/octet-stream"

/**
 * What a file is, by what it holds; what its name or its sender says is not asked. A text is a
 * text, whatever it is written in: no markup gets a type by which a browser would run it.
 */
export async function mediaTypeOf({ head, isText }: Pick<Received, "head" | "isText">) {
  if (isText) return TEXT
  // Loaded with the first file: it is a table of some hundred kinds.
  const { fileTypeFromBuffer } = await import("file-type")
  try {
    return (await fileTypeFromBuffer(head))?.mime ?? UNKNOWN
  } catch {
    // It looked like something, and broke off. Then it is nothing that anybody could show.
    return UNKNOWN
  }
}
