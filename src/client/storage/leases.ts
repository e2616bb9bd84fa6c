import { quietly } from "../quietly"

interface LeasesDeps {
  /** Notes who has it until when, unless somebody else has it still. Nobody comes in between. */
  readonly claim: (name: string, owner: string, until: number) => Promise<boolean>
  readonly giveBack: (name: string) => Promise<void>
  readonly now: () => number
}

/** Who has not renewed it by then is gone. */
const LEASE_MS = 4_000
const RENEWED_EVERY_MS = 1_000
const LOOK_EVERY_MS = 50

/**
 * One task of a name at a time among pages that share nothing but what they keep: for browsers
 * without locks, which have none on pages that came over plain HTTP.
 */
export function createLeases({ claim, giveBack, now }: LeasesDeps) {
  const owner = `${now()} ${Math.random()}`

  return {
    async alone<T>(name: string, task: () => Promise<T>): Promise<T> {
      const renew = () => claim(name, owner, now() + LEASE_MS)
      while (!(await renew())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      const timer = setInterval(() => void quietly(renew()), RENEWED_EVERY_MS)
      try {
        return await task()
      } finally {
        clearInterval(timer)
        await quietly(giveBack(name))
      }
    },
  }
}
