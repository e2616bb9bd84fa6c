import { type CopiedCounts, type Copying, copyAll } from "./copy-all"
import { type CopySourceOptions, openCopySource } from "./source"
import { openCopyTarget } from "./target"

export interface CopyOptions extends CopySourceOptions {
  /** Of an empty database. */
  readonly url: string
  /** Brings the target up to date. */
  readonly migrate: () => Promise<void>
  /** The key of our tokens, where the server keeps one itself; the target is to keep it then. */
  readonly tokenSecret: string | null
  readonly progress: Copying["progress"]
}

export interface Copied {
  readonly counts: CopiedCounts
  readonly mendedTexts: number
}

/**
 * Moves what is in an SQLite file into an empty PostgreSQL database, in one transaction: after a
 * failure, whatever it was, the database is as empty as before, and one may begin anew. Ids, seqs
 * and epochs stay as they are, so clients go on where they were; but of a snapshot the epochs are
 * new, since the server goes on giving its seqs to other messages. Memory does not grow with the
 * data. What is searched by is made anew by the server that starts on it.
 * Errors: a sentence that says which of the two cannot be used, and why.
 */
export async function copyToPostgres(options: CopyOptions): Promise<Copied> {
  const source = openCopySource(options)
  try {
    await options.migrate()
    const target = await openCopyTarget(options.url)
    try {
      const counts = await copyAll({ source, target, progress: options.progress })
      if (options.isSnapshot) await target.renewEpochs()
      if (options.tokenSecret !== null) await target.setSetting("token_secret", options.tokenSecret)
      await target.commit()
      return { counts, mendedTexts: source.mendedTexts() }
    } finally {
      await target.close()
    }
  } finally {
    source.close()
  }
}
