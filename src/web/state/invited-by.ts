import { signal } from "@preact/signals"

/** The invitation by which the account was just made: it has let its owner into its room already. */
export const invitedBy = signal<string | null>(null)
