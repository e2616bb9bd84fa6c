/** What servers under test have said that no document tells of, until somebody takes it. */
const watched = new Set<string>()
const strange: string[] = []

/** From here on, what this server says is held against the documents. */
export function watchServer(url: string): void {
  watched.add(portOf(new URL(url)))
}

/** Its port may be another's soon, who is none of ours. */
export function forgetServer(url: string): void {
  watched.delete(portOf(new URL(url)))
}

export const isWatched = (url: URL): boolean => watched.has(portOf(url))

// By port: a server on this machine has many names.
const portOf = ({ port }: URL) => port

export function tellStrange(what: string | null): void {
  if (what !== null) strange.push(what)
}

export const takeStrange = (): readonly string[] => strange.splice(0)
