import { MessagesSquare } from "lucide"
import { useEffect, useState } from "preact/hooks"
import type { ServerInfo } from "../../client/api"
import { useClient } from "../state/client"
import { route } from "../state/route"
import { wasEnded } from "../state/was-ended"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"
import { LookSwitches } from "../ui/look-switches"
import { Tabs } from "../ui/tabs"
import { LoginForm } from "./login-form"
import { RegisterForm } from "./register-form"
import "./sign-in.css"

/** What the server says of itself; asked again where it was not reached. */
function useServerInfo() {
  const client = useClient()
  const [info, setInfo] = useState<ServerInfo | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  async function ask(): Promise<void> {
    setFailure(null)
    try {
      setInfo(await client.api.server.info())
    } catch (error) {
      setFailure(error)
    }
  }

  useEffect(() => void ask(), [client])
  return { info, failure, ask }
}

/** Where one is who is signed out: signing in, or making an account where the server lets one. */
export function SignIn() {
  const { info, failure, ask } = useServerInfo()
  const place = route.value
  const inviteCode = place.name === "invite" ? place.code : ""
  const [chosen, choose] = useState<"signIn" | "register">(
    inviteCode === "" ? "signIn" : "register",
  )
  const { signIn, app } = t()
  // Until it is known, as it mostly is: then nothing moves when it is.
  const canRegister = info?.registration !== "closed"
  const current = canRegister ? chosen : "signIn"
  const tabs = [
    { id: "signIn", label: signIn.signIn },
    { id: "register", label: signIn.register },
  ] as const

  useEffect(() => {
    document.title = info === null ? signIn.title : `${signIn.title} · ${info.name}`
  }, [info, signIn])

  return (
    <div class="sign-in-scroll">
      <div class="sign-in">
        <main class="sign-in-card">
          <header class="sign-in-head">
            <span class="sign-in-mark">
              <Icon node={MessagesSquare} size={44} />
            </span>
            <h1 class="sign-in-server">{info?.name ?? "Parley"}</h1>
            <p class="sign-in-tagline">{signIn.tagline}</p>
          </header>
          {wasEnded.value && <Banner kind="warn">{signIn.signedOutElsewhere}</Banner>}
          {inviteCode !== "" && <Banner kind="info">{signIn.inviteWaiting}</Banner>}
          {failure !== null && (
            <Banner kind="danger" action={<Button onClick={() => void ask()}>{app.retry}</Button>}>
              {wordsFor(failure)}
            </Banner>
          )}
          {canRegister && (
            <Tabs label={signIn.tabs} tabs={tabs} current={current} onSelect={choose} />
          )}
          {current === "signIn" ? (
            <LoginForm />
          ) : (
            <RegisterForm inviteCode={inviteCode} needsInvite={info?.registration === "invite"} />
          )}
          {info?.registration === "closed" && <p class="sign-in-note">{signIn.closed}</p>}
        </main>
        <footer>
          <LookSwitches />
        </footer>
      </div>
    </div>
  )
}
