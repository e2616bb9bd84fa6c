import type { TestDatabase } from "./postgres"

interface StandIn {
  readonly made: Promise<TestDatabase>
  url: string | null
}

/** Where tests are run on PostgreSQL: by the file that each database stands for. */
const standIns = new Map<string, StandIn>()

/** The database that stands for a file: the same as long as the file is there. */
export async function standInFor(
  path: string,
  make: () => Promise<TestDatabase>,
): Promise<TestDatabase> {
  const standIn = standIns.get(path) ?? { made: make(), url: null }
  standIns.set(path, standIn)
  const database = await standIn.made
  standIn.url = database.url
  return database
}

/** The address of what stands for a file; null: the file itself is meant. */
export const standInUrl = (path: string): string | null => standIns.get(path)?.url ?? null

/** What stands for the files of a folder goes when the folder does. */
export function dropStandIns(folder: string): void {
  for (const [path, { made }] of standIns) {
    if (!path.startsWith(`${folder}/`)) continue
    standIns.delete(path)
    void made.then(dropInBackground)
  }
}

/** No test waits for it: it takes as long as a whole test. */
export function dropInBackground(database: TestDatabase): void {
  database.drop().catch((error) => console.warn("a test's database was not dropped:", error))
}
