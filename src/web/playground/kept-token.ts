/** Tokens that somebody asked to be kept, until the tab is closed; by the place of the connection. */
const nameOf = (paneId: number) => `parley.playground.${paneId}`

export function keptToken(paneId: number): string | null {
  try {
    return sessionStorage.getItem(nameOf(paneId))
  } catch {
    return null
  }
}

/** Null: forgotten. */
export function keepToken(paneId: number, token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(nameOf(paneId))
    else sessionStorage.setItem(nameOf(paneId), token)
  } catch {
    // The browser keeps nothing: then it holds as long as the page.
    return
  }
}
