import { SQL } from "bun"
import { standInUrl } from "./stand-ins"
import { waitUntil } from "./wait"

/** A lock that others wait for, so that it is known what is under way when it is let go. */
export interface Hold {
  /** So many wait for a lock by now; those who came first get it first. */
  waiting(count: number): Promise<void>
  letGo(): Promise<void>
}

/** Takes what the statement locks, on the PostgreSQL that stands for the file. */
export async function holdOnPostgres(path: string, statement: string): Promise<Hold> {
  const url = standInUrl(path)
  if (url === null) throw new Error(`no PostgreSQL stands for ${path}`)
  const hand = new SQL(url, { max: 1 })
  const eyes = new SQL(url, { max: 1 })
  await hand.unsafe(`BEGIN; ${statement}`).simple()
  return {
    waiting: (count) =>
      waitUntil(`${count} wait`, async () => {
        const [row] = await eyes
          .unsafe(
            `select count(*)::int from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'`,
          )
          .values()
        return Number(row?.[0]) >= count
      }),
    async letGo() {
      await hand.unsafe("ROLLBACK").simple()
      await hand.close()
      await eyes.close()
    },
  }
}
