import { useEffect } from "preact/hooks"
import type { Client } from "../client/client"
import { SignIn } from "./sign-in/sign-in"
import { ClientProvider, useLive } from "./state/client"
import { wasEnded } from "./state/was-ended"
import { ErrorBoundary } from "./ui/error-boundary"
import { createLazy } from "./ui/lazy"
import { Toasts } from "./ui/toasts"

const loadApp = async () => (await import("./app")).App
const App = createLazy(loadApp)

/** The whole page: signed out, or the app, whose code comes only then. */
export function Root({ client }: { readonly client: Client }) {
  const me = useLive(client.me)
  useEffect(() => {
    if (me !== null) return
    // Whoever signs in waits for no code: it is fetched while they type, or while they are asked for.
    const preload = () => void loadApp().catch(() => undefined)
    const waiting = setTimeout(preload, 1_500)
    addEventListener("submit", preload)
    return () => {
      clearTimeout(waiting)
      removeEventListener("submit", preload)
    }
  }, [me])
  useEffect(() => {
    // While the code comes, so do the rooms.
    if (me !== null) client.connect()
  }, [client, me === null])
  useEffect(() => {
    if (me !== null) wasEnded.value = false
  }, [me])
  useEffect(
    () =>
      client.on("session.ended", () => {
        wasEnded.value = true
      }),
    [client],
  )
  return (
    <ErrorBoundary>
      <ClientProvider value={client}>{me === null ? <SignIn /> : <App />}</ClientProvider>
      <Toasts />
    </ErrorBoundary>
  )
}
