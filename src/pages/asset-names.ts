import { createHash } from "node:crypto"
import { basename } from "node:path"

/** What the bundler made, cut at the marks in it: `texts[0] + marks[0] + texts[1] + …`. */
interface Cut {
  readonly texts: readonly string[]
  readonly marks: readonly string[]
}

export interface Named {
  readonly name: string
  readonly content: Blob
}

/**
 * Names files by what is in them and in all that they load; found by the bundler's names. The
 * hashes in those follow from the folder in which it runs, too: of two nodes behind one balancer,
 * neither could send what a page of the other asks for. What loads a file has such a hash, its
 * mark, in the address or alone.
 */
export async function nameByContent(
  outputs: readonly Bun.BuildArtifact[],
): Promise<ReadonlyMap<string, Named>> {
  const loadable = outputs.filter((it) => !isMap(it))
  const marks = loadable.map(markOf)
  const cuts = new Map<string, Cut>()
  for (const output of loadable) {
    // A character a byte, so that pictures come through as they are.
    const text = Buffer.from(await output.arrayBuffer()).toString("latin1")
    cuts.set(markOf(output), cutAt(marks, text))
  }

  // Files may load each other: first each alone, then with what it names, then with all it loads.
  const alone = hashAll(cuts, () => "")
  const beside = hashAll(cuts, (mark) => alone.get(mark) ?? "")
  const hashes = new Map<string, string>()
  for (const mark of marks) {
    const loaded = [...loadedBy(mark, cuts)].map((it) => beside.get(it)).sort()
    hashes.set(mark, hashOf([beside.get(mark), ...loaded].join()).slice(0, HASH_LENGTH))
  }
  const hashOfMark = (mark: string) => hashes.get(mark) ?? mark
  return new Map(
    outputs.map((output) => {
      const made = basename(output.path)
      const mark = markOf(output)
      const cut = isMap(output) ? undefined : cuts.get(mark)
      const content = cut === undefined ? output : blobOf(join(cut, hashOfMark))
      return [made, { name: made.replace(mark, hashOfMark(mark)), content }]
    }),
  )
}

const HASH_LENGTH = 12

/** It is sent under its script's name, and names nothing. */
const isMap = ({ kind }: Bun.BuildArtifact) => kind === "sourcemap"

/** Of `main-1a2b3c4d.js` what is there between the name and its ending. */
function markOf({ path }: Bun.BuildArtifact): string {
  const [, mark] = /-([0-9a-z]{8})\.[^-]+$/.exec(basename(path)) ?? []
  if (mark === undefined) throw new Error(`the bundler's name ${path} has no hash in it`)
  return mark
}

/** Looked for one by one: that takes a tenth of the time of an expression for all of them. */
function cutAt(wanted: readonly string[], text: string): Cut {
  const places: { readonly at: number; readonly mark: string }[] = []
  for (const mark of wanted) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
      places.push({ at, mark })
    }
  }
  places.sort((one, other) => one.at - other.at)
  const texts: string[] = []
  let end = 0
  for (const { at, mark } of places) {
    texts.push(text.slice(end, at))
    end = at + mark.length
  }
  return { texts: [...texts, text.slice(end)], marks: places.map(({ mark }) => mark) }
}

const join = ({ texts, marks }: Cut, of: (mark: string) => string): string =>
  texts
    .map((text, index) => {
      const mark = marks[index]
      return mark === undefined ? text : text + of(mark)
    })
    .join("")

const blobOf = (text: string) => new Blob([Buffer.from(text, "latin1")])

const hashOf = (text: string) => createHash("sha256").update(text, "latin1").digest("hex")

const hashAll = (cuts: ReadonlyMap<string, Cut>, of: (mark: string) => string) =>
  new Map([...cuts].map(([mark, cut]) => [mark, hashOf(join(cut, of))]))

/** All that a file names, that those name, and so on; itself too, where it comes round to it. */
function loadedBy(mark: string, cuts: ReadonlyMap<string, Cut>): ReadonlySet<string> {
  const loaded = new Set<string>()
  const pending = [mark]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const found of cuts.get(next)?.marks ?? []) {
      if (loaded.has(found)) continue
      loaded.add(found)
      pending.push(found)
    }
  }
  return loaded
}
