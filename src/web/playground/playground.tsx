import { MessagesSquare, Play, Plus } from "lucide"
import { useState } from "preact/hooks"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"
import { LookSwitches } from "../ui/look-switches"

import { PaneView } from "./pane-view"
import type { Playground } from "./playground-state"
import "./playground.css"

export function PlaygroundView({ playground }: { readonly playground: Playground }) {
  const panes = playground.panes.value
  return (
    <div class="playground">
      <header class="playground-head">
        <div class="playground-titles">
          <h1 class="playground-title">Parley {t().playground.title}</h1>
          <p class="playground-lead">{t().playground.lead}</p>
        </div>
        <nav class="playground-links" aria-label={t().app.more}>
          <a href="/">{t().playground.toChat}</a>
          <a href="/swagger">{t().playground.apiDocs}</a>
          <a href="/asyncapi.json">{t().playground.socketDocs}</a>
        </nav>
        <LookSwitches />
      </header>
      <main class="playground-main">
        <Scenario playground={playground} />
        <div class={panes.length > 1 ? "panes panes-two" : "panes"}>
          {panes.map((pane, index) => (
            <PaneView
              key={pane.id}
              pane={pane}
              playground={playground}
              number={index + 1}
              {...(index > 0 ? { onRemove: () => playground.remove(pane) } : {})}
            />
          ))}
        </div>
      </main>
    </div>
  )
}

/** What shows the most with the least: two connections that hear each other. */
function Scenario({ playground }: { readonly playground: Playground }) {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const panes = playground.panes.value
  const [first] = panes
  const isAlone = panes.length < 2
  const isReady = panes.length === 2 && panes.every((it) => it.who.value !== null)

  async function run(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await playground.twoTalk(t().playground.hello, t().playground.roomName)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  const addSecond = () =>
    playground.add(first?.protocol.value === "gateway-events" ? "native" : "gateway-events")

  return (
    <section class="scenario" aria-labelledby="scenario">
      <Icon node={MessagesSquare} size={22} />
      <div class="scenario-words">
        <h2 class="scenario-title" id="scenario">
          {t().playground.twoTalk}
        </h2>
        <p class="muted">{t().playground.twoTalkHelp}</p>
        {!isAlone && !isReady && <p class="muted">{t().playground.secondNeedsAccount}</p>}
        {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      </div>
      {isAlone ? (
        <Button onClick={addSecond}>
          <Icon node={Plus} />
          {t().playground.second}
        </Button>
      ) : (
        <Button kind="primary" isBusy={isBusy} disabled={!isReady} onClick={() => void run()}>
          <Icon node={Play} />
          {t().playground.run}
        </Button>
      )}
    </section>
  )
}
