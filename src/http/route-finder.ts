export interface Route {
  readonly path: string
  readonly method: string
}

interface Node {
  readonly children: Map<string, Node>
  /** What follows where a segment may be anything. */
  any: Node | null
  /** As it was declared; null: the path goes on. */
  pattern: string | null
  readonly methods: Set<string>
}

/** For metrics and logs: an address that no route has. */
export const NO_ROUTE = "none"

/**
 * Finds the declared pattern of an address, for what is counted and logged: a path holds ids and
 * secrets that somebody chose, a pattern is one of ours.
 */
export function createRouteFinder(routes: readonly Route[]) {
  const root = createNode()
  for (const route of routes) declare(root, route)

  return {
    /** The most literal pattern that has the method, else the most literal one, else `none`. */
    patternOf(path: string, method: string): string {
      const matches = matching(path)
      const answering = method === "HEAD" ? "GET" : method
      const best = matches.find(({ methods }) => methods.has(answering)) ?? matches[0]
      return best?.pattern ?? NO_ROUTE
    },
    /** All methods that an address has. */
    methodsOf: (path: string): readonly string[] => [
      ...new Set(matching(path).flatMap(({ methods }) => [...methods])),
    ],
  }

  /** The most literal first. */
  function matching(path: string): readonly Node[] {
    const matches: Node[] = []
    collect(root, segmentsOf(path), 0, matches)
    return matches
  }
}

export type RouteFinder = ReturnType<typeof createRouteFinder>

const createNode = (): Node => ({
  children: new Map(),
  any: null,
  pattern: null,
  methods: new Set(),
})

/** A slash at the end means nothing. */
const segmentsOf = (path: string): readonly string[] =>
  (path.endsWith("/") ? path.slice(1, -1) : path.slice(1)).split("/")

function declare(root: Node, { path, method }: Route): void {
  let node = root
  for (const segment of segmentsOf(path)) {
    if (segment === "*") {
      node = child(node, "*")
      break
    }
    node = segment.startsWith(":") ? anyChild(node) : child(node, segment)
  }
  node.pattern ??= path === "/" ? path : path.replace(/\/$/, "")
  node.methods.add(method)
}

function child(node: Node, segment: string): Node {
  const known = node.children.get(segment)
  if (known !== undefined) return known
  const made = createNode()
  node.children.set(segment, made)
  return made
}

function anyChild(node: Node): Node {
  node.any ??= createNode()
  return node.any
}

function collect(node: Node, segments: readonly string[], index: number, matches: Node[]): void {
  const segment = segments[index]
  if (segment === undefined) {
    if (node.pattern !== null) matches.push(node)
    return
  }
  const literal = segment === "*" ? undefined : node.children.get(segment)
  if (literal !== undefined) collect(literal, segments, index + 1, matches)
  if (node.any !== null && segment !== "") collect(node.any, segments, index + 1, matches)
  const rest = node.children.get("*")
  if (rest !== undefined) matches.push(rest)
}
