import { useEffect, useRef, useState } from "preact/hooks"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { Select, TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import type { Pane } from "./pane"
import { PROTOCOL_IDS } from "./protocols"
import type { FoundRoom, Rest } from "./rest"

export interface ConnectFormProps {
  readonly pane: Pane
  readonly rest: Rest
}

/** Where one connects to; once connected a line of it, for then one looks at frames. */
export function ConnectForm({ pane, rest }: ConnectFormProps) {
  if (pane.status.value !== "closed") return <Connected pane={pane} />
  const words = t().playground
  const { transport, place } = pane.facts.value
  const isSocketIo = transport === "socket.io"
  return (
    <form
      class="pane-form"
      onSubmit={(event) => {
        event.preventDefault()
        pane.connect()
      }}
    >
      <div class="pane-row">
        <Field label={words.protocol}>
          <Select
            value={pane.protocol.value}
            options={PROTOCOL_IDS.map((value) => ({ value, label: value }))}
            onChange={(protocol) => pane.speak(protocol)}
          />
        </Field>
        <Field label={isSocketIo ? words.namespace : words.path}>
          <TextInput
            value={pane.path.value}
            onInput={(path) => {
              pane.path.value = path
            }}
          />
        </Field>
      </div>
      <p class="pane-hint">{words.about[pane.protocol.value]}</p>
      {place === "room" ? (
        <RoomField pane={pane} rest={rest} />
      ) : (
        <ConversationField pane={pane} rest={rest} />
      )}
      {isSocketIo && (
        <Switch
          label={words.beginByPolling}
          isOn={pane.beginsByPolling.value}
          onChange={(isOn) => {
            pane.beginsByPolling.value = isOn
          }}
        />
      )}
      {pane.who.value === null && <p class="pane-hint">{words.signInFirst}</p>}
      <Button type="submit" kind="primary">
        {words.connect}
      </Button>
    </form>
  )
}

function Connected({ pane }: Pick<ConnectFormProps, "pane">) {
  const button = useRef<HTMLButtonElement>(null)
  // What was pressed to connect is gone: the focus goes where the next press may be.
  useEffect(() => button.current?.focus(), [])
  return (
    <div class="pane-form pane-connected">
      <span class="pane-protocol">{pane.protocol.value}</span>
      <span class="pane-path">{pane.path.value}</span>
      <Button buttonRef={button} onClick={pane.disconnect}>
        {t().playground.disconnect}
      </Button>
    </div>
  )
}

function RoomField({ pane, rest }: ConnectFormProps) {
  const words = t().playground
  const [rooms, setRooms] = useState<readonly FoundRoom[]>([])
  const { busy, failure, run } = useTask()
  const who = pane.who.value

  const find = () => run(async () => who !== null && setRooms(await rest.rooms(who)))
  const make = () =>
    run(async () => {
      if (who === null) return
      const room = await rest.createRoom(who, words.roomName)
      setRooms([room, ...rooms])
      pane.know({ room: room.id })
    })

  return (
    <div class="pane-place">
      <Field label={words.room} hint={words.roomHint} error={failure}>
        <TextInput value={pane.known.value.room} onInput={(room) => pane.know({ room })} />
      </Field>
      {who !== null && (
        <div class="pane-buttons">
          <Button kind="quiet" isBusy={busy} onClick={() => void find()}>
            {words.findRooms}
          </Button>
          <Button kind="quiet" isBusy={busy} onClick={() => void make()}>
            {words.makeRoom}
          </Button>
        </div>
      )}
      {rooms.length > 0 && (
        <ul class="pane-rooms" aria-label={words.roomsFound}>
          {rooms.map(({ id, name }) => (
            <li key={id}>
              <Button kind="quiet" onClick={() => pane.know({ room: id })}>
                {name}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function ConversationField({ pane, rest }: ConnectFormProps) {
  const words = t().playground
  const [partner, setPartner] = useState("")
  const { busy, failure, run } = useTask()
  const who = pane.who.value

  const begin = () =>
    run(async () => {
      if (who !== null) pane.know({ conversation: await rest.converse(who, partner.trim()) })
    })

  return (
    <div class="pane-place">
      <Field label={words.conversation} hint={words.conversationHint}>
        <TextInput
          inputMode="numeric"
          value={pane.known.value.conversation}
          onInput={(conversation) => pane.know({ conversation })}
        />
      </Field>
      <Field label={words.partner} error={failure}>
        <TextInput value={partner} onInput={setPartner} />
      </Field>
      <div class="pane-buttons">
        <Button
          disabled={who === null || partner === ""}
          isBusy={busy}
          onClick={() => void begin()}
        >
          {words.converse}
        </Button>
      </div>
    </div>
  )
}

/** Something that is asked of the server, and what went wrong with it, in words. */
function useTask() {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | undefined>(undefined)
  return {
    busy,
    failure,
    async run(task: () => Promise<unknown>): Promise<void> {
      setBusy(true)
      setFailure(undefined)
      try {
        await task()
      } catch (error) {
        setFailure(wordsFor(error))
      } finally {
        setBusy(false)
      }
    },
  }
}
