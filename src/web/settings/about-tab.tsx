import { Keyboard } from "lucide"
import { useEffect, useState } from "preact/hooks"
import type { ServerInfo } from "../../client/api"
import { shortcutsOpen } from "../palette/palette-state"
import { useClient } from "../state/client"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"

/** What this is, and where developers go on. */
export function AboutTab() {
  const client = useClient()
  const [server, setServer] = useState<ServerInfo | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().settings

  useEffect(() => {
    let isWanted = true
    client.api.server.info().then(
      (it) => isWanted && setServer(it),
      (error: unknown) => isWanted && setFailure(error),
    )
    return () => {
      isWanted = false
    }
  }, [client])

  const links = [
    ["/playground", words.playground, words.playgroundHelp],
    ["/swagger", words.apiDocs, words.apiDocsHelp],
    ["/asyncapi.json", words.socketDocs, words.socketDocsHelp],
  ] as const
  return (
    <div class="settings-form">
      {server !== null && (
        <p>
          <b>{words.version(server.version)}</b>
          <br />
          {words.onServer}: {server.name}
        </p>
      )}
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      <div class="settings-buttons">
        <Button
          onClick={() => {
            shortcutsOpen.value = true
          }}
        >
          <Icon node={Keyboard} />
          {words.shortcuts}
        </Button>
      </div>
      <ul class="settings-list">
        {links.map(([href, name, help]) => (
          <li key={href} class="settings-row">
            <span class="settings-row-words">
              <a href={href}>{name}</a>
              <small>{help}</small>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
