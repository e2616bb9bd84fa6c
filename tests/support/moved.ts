import { asPerson, type Person } from "./people"

/** The same person at another address: a server that was started again took another port. */
export const moved = (somebody: Person, url: string): Person =>
  asPerson(url, {
    status: 200,
    headers: new Headers(),
    body: {
      access_token: somebody.token,
      refresh_token: somebody.refreshToken,
      user: { id: somebody.id, username: somebody.name },
    },
  })
