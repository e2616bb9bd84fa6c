import { UserRound } from "lucide"
import { useEffect, useState } from "preact/hooks"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { Icon } from "../ui/icon"
import { TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import { Tabs } from "../ui/tabs"
import { keepToken, keptToken } from "./kept-token"
import type { Pane } from "./pane"
import type { Playground } from "./playground-state"
import type { Who } from "./rest"

type Way = "signIn" | "register" | "token"
const WAYS: readonly Way[] = ["signIn", "register", "token"]

export interface WhoFormProps {
  readonly pane: Pane
  readonly playground: Playground
}

/** As whom one connects. What is typed here goes to this server, and nowhere else. */
export function WhoForm({ pane, playground }: WhoFormProps) {
  const who = pane.who.value
  const { rest, cookieWho } = playground
  useEffect(() => {
    const token = keptToken(pane.id)
    // A token that has expired meanwhile is one that was not kept.
    if (token !== null)
      rest.whoIs(token).then(
        (it) => pane.become(it),
        () => keepToken(pane.id, null),
      )
  }, [pane])

  if (who === null)
    return <SignInForm pane={pane} playground={playground} session={cookieWho.value} />
  return (
    <div class="who">
      <Icon node={UserRound} />
      <span class="who-name">{t().playground.whoAmI(who.username)}</span>
      <Button
        kind="quiet"
        onClick={() => {
          keepToken(pane.id, null)
          pane.become(null)
        }}
      >
        {t().playground.change}
      </Button>
    </div>
  )
}

interface SignInFormProps extends WhoFormProps {
  readonly session: Who | null
}

function SignInForm({ pane, playground: { rest }, session }: SignInFormProps) {
  const [way, setWay] = useState<Way>("signIn")
  const [username, setUsername] = useState("")
  const [password, setPassword] = useState("")
  const [token, setToken] = useState("")
  const [isKept, setKept] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().playground

  async function enter(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      const who = await (way === "token"
        ? rest.whoIs(token.trim())
        : rest[way](username.trim(), password))
      if (isKept) keepToken(pane.id, who.token)
      pane.become(who)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  const error = failure === null ? undefined : wordsFor(failure)
  const press = { signIn: words.signIn, register: words.register, token: words.useToken }[way]
  return (
    <form
      class="pane-form"
      onSubmit={(event) => {
        event.preventDefault()
        void enter()
      }}
    >
      {session !== null && (
        <Button kind="primary" onClick={() => pane.become(session)}>
          {words.useSession(session.username)}
        </Button>
      )}
      <Tabs
        tabs={WAYS.map((id) => ({ id, label: words.ways[id] }))}
        current={way}
        onSelect={(chosen) => {
          setWay(chosen)
          setFailure(null)
        }}
        label={words.waysLabel}
      />
      {way === "token" ? (
        <Field label={words.token} hint={words.tokenHint} error={error}>
          <TextInput type="password" autocomplete="off" value={token} onInput={setToken} />
        </Field>
      ) : (
        <div class="pane-row">
          <Field label={words.username} error={error}>
            <TextInput autocomplete="username" value={username} onInput={setUsername} />
          </Field>
          <Field label={words.password}>
            <TextInput
              type="password"
              autocomplete={way === "register" ? "new-password" : "current-password"}
              value={password}
              onInput={setPassword}
            />
          </Field>
        </div>
      )}
      <Switch label={words.keepInTab} isOn={isKept} onChange={setKept} />
      <Button type="submit" kind={session === null ? "primary" : "plain"} isBusy={isBusy}>
        {press}
      </Button>
    </form>
  )
}
