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
    // Whoever signs in waits for no code: it is fetched while they type.
    const waiting = setTimeout(() => void loadApp().catch(() => undefined), 1_500)
    return () => clearTimeout(waiting)
  }, [me])
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
