/** The Postgres and the Redis that cluster workloads stand on: private, on free ports. */
import { startPostgres } from "../tests/support/postgres"
import { startRedis } from "../tests/support/redis"

export interface Services extends AsyncDisposable {
  readonly redisUrl: string
  /** The address of an empty database. */
  freshDatabase(): Promise<string>
}

/** Both as their packages set them up: Postgres flushes what it says it has stored. */
export async function startServices(): Promise<Services> {
  const postgres = await startPostgres()
  const redis = await startRedis()
  return {
    redisUrl: redis.url,
    freshDatabase: async () => (await postgres.freshDatabase()).url,
    [Symbol.asyncDispose]: async () => {
      await postgres.stop()
      await redis.stop()
    },
  }
}
