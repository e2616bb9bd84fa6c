/** References of a document to places that it does not have. */
export function brokenReferences(document: object): readonly string[] {
  const broken: string[] = []
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return
    if ("$ref" in value && typeof value.$ref === "string") {
      if (find(document, value.$ref) === undefined) broken.push(value.$ref)
    }
    for (const inner of Object.values(value)) look(inner)
  }
  look(document)
  return broken
}

function find(document: object, reference: string): unknown {
  let place: unknown = document
  for (const part of reference.replace(/^#\//, "").split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~")
    if (typeof place !== "object" || place === null) return undefined
    place = (place as Record<string, unknown>)[key]
  }
  return place
}
