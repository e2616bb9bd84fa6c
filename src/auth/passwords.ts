export interface PasswordCost {
  /** KiB of memory that one hash takes. */
  readonly memoryKib: number
  readonly passes: number
}

/** OWASP's argon2id minimum of 2024: 19 MiB and two passes. */
export const PASSWORD_COST: PasswordCost = { memoryKib: 19_456, passes: 2 }

/** Passwords are kept as argon2id hashes, made off the main thread by Bun. */
export function createPasswords({ memoryKib, passes }: PasswordCost) {
  const algorithm = { algorithm: "argon2id", memoryCost: memoryKib, timeCost: passes } as const
  let decoy: Promise<string> | undefined

  const hash = (password: string): Promise<string> => Bun.password.hash(password, algorithm)

  /**
   * A user without a password takes as long to refuse as a wrong password, so the time of an
   * answer does not tell which names exist.
   */
  async function verify(password: string, stored: string | null): Promise<boolean> {
    decoy ??= hash("no user has this password")
    const matches = await Bun.password.verify(password, stored ?? (await decoy))
    return matches && stored !== null
  }

  return { hash, verify }
}

export type Passwords = ReturnType<typeof createPasswords>
