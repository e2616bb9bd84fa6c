import { common, createLowlight } from "lowlight"

/** A part of highlighted code; `names` are highlight.js's classes of it, without their prefix. */
export type CodePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "marked"; readonly names: readonly string[]; readonly parts: Code }
export type Code = readonly CodePart[]

/** A node of lowlight's tree, as far as we read it: elements are always spans. */
interface TreeNode {
  readonly type: string
  readonly value?: string
  readonly children?: readonly TreeNode[]
  readonly properties?: { readonly className?: unknown }
}

const lowlight = createLowlight(common)

/**
 * What is what in code of a language, by its name or one of its other names. Null: the language is
 * none of the common ones. Loaded only where code is shown: the grammars are large.
 */
export function highlight(code: string, language: string): Code | null {
  const name = language.toLowerCase()
  if (!lowlight.registered(name)) return null
  return partsOf(lowlight.highlight(name, code).children)
}

const partsOf = (nodes: readonly TreeNode[]): Code =>
  nodes.flatMap((node): Code => {
    if (node.type === "text") return [{ type: "text", text: node.value ?? "" }]
    if (node.type !== "element") return []
    return [{ type: "marked", names: namesOf(node), parts: partsOf(node.children ?? []) }]
  })

function namesOf({ properties }: TreeNode): readonly string[] {
  const names: unknown = properties?.className
  if (!Array.isArray(names)) return []
  return names
    .filter((it) => typeof it === "string")
    .map((it) => it.replace(/^hljs-/, ""))
    .filter((it) => /^[a-z_-]+$/.test(it))
}
