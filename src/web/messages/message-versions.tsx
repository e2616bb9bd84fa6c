import { useEffect, useState } from "preact/hooks"
import type { ApiMessage, ApiMessageVersion } from "../../protocol/answers"
import { useClient } from "../state/client"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Markdown } from "../text/markdown"
import { Banner } from "../ui/banner"
import { Waiting } from "../ui/spinner"
import { Time } from "../ui/time"
import { usePeople } from "./room-context"

/** What a message said before each of its edits, newest first. */
export function MessageVersions({ message }: { readonly message: ApiMessage }) {
  const { api } = useClient()
  const people = usePeople()
  const [versions, setVersions] = useState<readonly ApiMessageVersion[] | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  useEffect(() => {
    let isWanted = true
    const load = async () => {
      try {
        const { items } = await api.messages.versions(message.id)
        if (isWanted) setVersions(items)
      } catch (error) {
        if (isWanted) setFailure(error)
      }
    }
    void load()
    return () => {
      isWanted = false
    }
  }, [api, message.id, message.changed_seq])

  return (
    <div class="versions" tabIndex={-1}>
      <h2 class="versions-title">{t().messages.history}</h2>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      {failure === null && versions === null && <Waiting />}
      {versions?.length === 0 && <p>{t().messages.historyEmpty}</p>}
      <ol class="versions-list">
        {versions?.map((it) => (
          <li key={it.seq} class="version">
            <span class="version-time">
              <Time iso={it.created_at} style="relative" />
            </span>
            <Markdown text={it.content} mentions={[]} people={people} />
          </li>
        ))}
      </ol>
    </div>
  )
}
