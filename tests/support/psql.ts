import { join } from "node:path"
import { postgresPrograms } from "./postgres"

/**
 * What PostgreSQL says, as text. At once: nothing else of this process runs meanwhile, as when a
 * file is read. Errors: what it refuses, and what waits 5 s for somebody else.
 */
export function askPostgres(url: string, statement: string): string {
  const { hostname, port, username, password, pathname } = new URL(url)
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [join(postgresPrograms() ?? "", "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"],
    {
      // Arguments have a bound, and all users of a machine see them.
      stdin: new TextEncoder().encode(statement),
      env: {
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: password,
        PGDATABASE: pathname.slice(1),
        PGOPTIONS: "-c lock_timeout=5s",
      },
    },
  )
  if (exitCode !== 0) throw new Error(`PostgreSQL refuses ${statement.slice(0, 500)}: ${stderr}`)
  return stdout.toString()
}
