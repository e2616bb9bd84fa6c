import { createHash } from "node:crypto"
import { basename } from "node:path"

interface Made {
  /** Under which the bundler has it: `main-1a2b3c4d.js`. */
  readonly name: string
  /** The hash in it, which what loads the file names it by, in its address or alone. */
  readonly mark: string
  /** A character a byte, so that pictures come through as they are. */
  readonly text: string
}

export interface Named {
  readonly name: string
  readonly content: Blob
}

/**
 * Names files by what is in them and in all that they load; found by the bundler's names. The
 * hashes in those follow from the folder in which it runs, too: of two nodes behind one balancer,
 * neither could send what a page of the other asks for.
 */
export async function nameByContent(
  outputs: readonly Bun.BuildArtifact[],
): Promise<ReadonlyMap<string, Named>> {
  const files = await Promise.all(outputs.map(read))
  const texts = new Map<string, string>()
  // A script and the map of its sources have one mark.
  for (const { mark, text } of files) texts.set(mark, (texts.get(mark) ?? "") + text)

  // Files may load each other: first each alone, then with what it names, then with all it loads.
  const alone = hashAll(texts, () => "")
  const beside = hashAll(texts, (mark) => alone.get(mark))
  const marks = new Map<string, string>()
  for (const mark of texts.keys()) {
    const loaded = [...loadedBy(mark, texts)].map((it) => beside.get(it)).sort()
    marks.set(mark, hashOf([beside.get(mark), ...loaded].join()).slice(0, MARK_LENGTH))
  }
  const rename = (text: string) => replaceMarks(text, (mark) => marks.get(mark))
  return new Map(
    files.map(({ name, text }) => {
      const content = new Blob([Buffer.from(rename(text), "latin1")])
      return [name, { name: rename(name), content }]
    }),
  )
}

async function read(output: Bun.BuildArtifact): Promise<Made> {
  const name = basename(output.path)
  const [, mark] = /-([0-9a-z]{8})\.[^-]+$/.exec(name) ?? []
  if (mark === undefined) throw new Error(`the bundler's name ${name} has no hash in it`)
  return { name, mark, text: Buffer.from(await output.arrayBuffer()).toString("latin1") }
}

type Marks<Value> = ReadonlyMap<string, Value>

/** Words as long as a mark, which nearly all are not: one in 36 to the 8th is by chance. */
const MARKS = /\b[0-9a-z]{8}\b/g
const MARK_LENGTH = 12

const replaceMarks = (text: string, replacementOf: (mark: string) => string | undefined) =>
  text.replace(MARKS, (word) => replacementOf(word) ?? word)

const hashOf = (text: string) => createHash("sha256").update(text, "latin1").digest("hex")

const hashAll = (texts: Marks<string>, of: (mark: string) => string | undefined): Marks<string> =>
  new Map(
    [...texts].map(([mark, text]) => [
      mark,
      hashOf(replaceMarks(text, (word) => (texts.has(word) ? of(word) : undefined))),
    ]),
  )

/** All that a file names, that those name, and so on; itself too, where it comes round to it. */
function loadedBy(mark: string, texts: Marks<string>): ReadonlySet<string> {
  const loaded = new Set<string>()
  const pending = [mark]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [found] of texts.get(next)?.matchAll(MARKS) ?? []) {
      if (!texts.has(found) || loaded.has(found)) continue
      loaded.add(found)
      pending.push(found)
    }
  }
  return loaded
}
