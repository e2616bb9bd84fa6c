import type * as postgres from "./postgres"
import type * as sqlite from "./sqlite"

/** True for types that are the same, and not only for those that fit into each other. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

type Rows<Schema> = {
  readonly [Table in keyof Schema]: Schema[Table] extends { readonly $inferSelect: infer Row }
    ? Row
    : never
}

/** What a table of SQLite is called in SQL, and its columns: the command line looks at both. */
type Names<Schema> = {
  readonly [Table in keyof Schema]: Schema[Table] extends {
    readonly _: { readonly name: infer Name; readonly columns: infer Columns }
  }
    ? {
        readonly name: Name
        readonly columns: {
          readonly [Key in keyof Columns]: Columns[Key] extends {
            readonly _: { readonly name: infer Column }
          }
            ? Column
            : never
        }
      }
    : never
}

type Shared = Pick<typeof postgres, keyof typeof sqlite>

/**
 * The proof that queries may be written once: both databases have the same tables and columns,
 * by the same names, and give rows of the same types. It is checked by the compiler: where one
 * schema lacks or changes a column, this line is an error.
 */
export const SAME_ROWS: Same<Rows<typeof sqlite>, Rows<Shared>> &
  Same<Names<typeof sqlite>, Names<Shared>> = true
