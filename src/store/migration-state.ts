/** Names of migrations, in the order in which they are applied. */
export interface MigrationState {
  readonly applied: readonly string[]
  readonly due: readonly string[]
}

interface Migration {
  readonly tag: string
  readonly folderMillis: number
}

/**
 * What is to be done where the migration of that time was the latest; null: where there was none.
 * Errors: it is of a newer program, which may keep what we know elsewhere: we would store beside
 * it, and read the old.
 */
export function migrationState(
  migrations: readonly Migration[],
  latestMillis: number | null,
): MigrationState {
  const reached = latestMillis ?? Number.NEGATIVE_INFINITY
  if (migrations.every((it) => it.folderMillis < reached)) {
    throw new Error("a newer version of Parley has written it")
  }
  const namesOf = (some: readonly Migration[]) => some.map((it) => it.tag)
  return {
    applied: namesOf(migrations.filter((it) => it.folderMillis <= reached)),
    due: namesOf(migrations.filter((it) => it.folderMillis > reached)),
  }
}
