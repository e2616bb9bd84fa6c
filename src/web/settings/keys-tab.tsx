import { KeyRound } from "lucide"
import { useState } from "preact/hooks"
import type { Me } from "../../client/client"
import type { ApiKeyView, ApiNewKey } from "../../protocol/answers"
import { useClient } from "../state/client"
import { t } from "../strings"
import { Button } from "../ui/button"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Icon } from "../ui/icon"
import { Time } from "../ui/time"
import { KeyForm } from "./key-form"
import { Named } from "./named"
import { NewKey } from "./new-key"
import { PagedList } from "./paged-list"
import { useOwnList } from "./use-own-list"

/** Keys for scripts and bots. A new one is shown once: nobody can show it again. */
export function KeysTab({ me }: { readonly me: Me }) {
  const client = useClient()
  const [made, setMade] = useState<ApiNewKey | null>(null)
  const [doomed, setDoomed] = useState<ApiKeyView | null>(null)
  const list = useOwnList((cursor) => client.api.auth.keys({ cursor }))
  const words = t().settings

  async function remove({ id }: ApiKeyView): Promise<void> {
    await client.api.auth.endKey(id)
    list.forget(id)
  }

  return (
    <>
      <p class="field-hint">{words.keysHelp}</p>
      {made === null ? (
        <KeyForm
          me={me}
          onMade={(key) => {
            setMade(key)
            list.reload()
          }}
        />
      ) : (
        <NewKey secret={made.key} onDone={() => setMade(null)} />
      )}
      <PagedList list={list} none={words.keysNone}>
        {(key) => <KeyRow apiKey={key} onDelete={() => setDoomed(key)} />}
      </PagedList>
      {doomed !== null && (
        <ConfirmDialog
          title={words.keyDeleteTitle(doomed.name)}
          text={words.keyDeleteText}
          confirm={words.keyDelete}
          isDanger
          onConfirm={() => remove(doomed)}
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  )
}

interface KeyRowProps {
  readonly apiKey: ApiKeyView
  readonly onDelete: () => void
}

function KeyRow({ apiKey, onDelete }: KeyRowProps) {
  const words = t().settings
  const { name, scopes, expires_at, last_used_at } = apiKey
  const hasExpired = expires_at !== null && Date.parse(expires_at) < Date.now()
  return (
    <div class="settings-row">
      <Icon node={KeyRound} />
      <span class="settings-row-words">
        <b>{name}</b>
        <small>
          {last_used_at === null ? (
            words.keyNeverUsed
          ) : (
            <>
              {words.keyUsed} <Time iso={last_used_at} style="relative" />
            </>
          )}
          {expires_at !== null && (
            <>
              {" · "}
              {hasExpired ? words.keyExpired : words.keyExpires}{" "}
              <Time iso={expires_at} style="day" />
            </>
          )}
          {scopes.map((it) => ` · ${words.scopes[it]}`)}
        </small>
      </span>
      <Button onClick={onDelete}>
        <Named shown={words.keyDelete} name={words.keyDeleteOf(name)} />
      </Button>
    </div>
  )
}
