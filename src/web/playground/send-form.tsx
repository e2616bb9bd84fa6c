import { Send } from "lucide"
import { useState } from "preact/hooks"
import { t } from "../strings"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { Icon } from "../ui/icon"
import { Select, TextArea, TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import { Tabs } from "../ui/tabs"
import { type CommandField, commandKey } from "./commands/command"
import type { Pane } from "./pane"

type Way = "form" | "raw"

/** What one sends: by a form that knows the protocol, or whatever one likes. */
export function SendForm({ pane }: { readonly pane: Pane }) {
  const [way, setWay] = useState<Way>("form")
  const words = t().playground
  return (
    <div class="pane-form">
      <Tabs<Way>
        tabs={[
          { id: "form", label: words.form },
          { id: "raw", label: words.raw },
        ]}
        current={way}
        onSelect={setWay}
        label={words.sendLabel}
      />
      {way === "form" ? <CommandForm pane={pane} /> : <RawForm pane={pane} />}
      {pane.facts.value.transport === "socket.io" && (
        <Switch
          label={words.wantsAck}
          isOn={pane.wantsAck.value}
          onChange={(isOn) => {
            pane.wantsAck.value = isOn
          }}
        />
      )}
    </div>
  )
}

function CommandForm({ pane }: { readonly pane: Pane }) {
  const words = t().playground
  const command = pane.command.value
  const key = commandKey(command)
  return (
    <form
      class="pane-fields"
      onSubmit={(event) => {
        event.preventDefault()
        pane.submit()
      }}
    >
      <Field label={words.command} hint={words.commands[key]}>
        <Select
          value={key}
          options={pane.facts.value.commands.map((it) => ({
            value: commandKey(it),
            label: commandKey(it),
          }))}
          onChange={pane.choose}
        />
      </Field>
      <div class="pane-grid">
        {command.fields.map((field) => (
          <FieldOf key={`${key} ${field.path}`} pane={pane} field={field} />
        ))}
      </div>
      <Button type="submit" kind="primary" disabled={pane.status.value !== "open"}>
        <Icon node={Send} />
        {words.send}
      </Button>
    </form>
  )
}

/** Named as it is on the wire: whoever tries a protocol looks for that. */
function FieldOf({ pane, field }: { readonly pane: Pane; readonly field: CommandField }) {
  const words = t().playground
  const { path, kind, choices = [], isOptional = false, isSecret = false } = field
  const trouble = pane.troubles.value[path]
  const error = trouble === undefined ? undefined : words.troubles[trouble]
  const value = pane.values.value[path] ?? ""
  const onInput = (text: string) => pane.type(path, text)
  const options = kind === "switch" ? ["true", "false"] : isOptional ? ["", ...choices] : choices
  return (
    <Field label={path} error={error}>
      {kind === "choice" || kind === "switch" ? (
        <Select
          value={value}
          options={options.map((it) => ({ value: it, label: it === "" ? words.nothing : it }))}
          onChange={onInput}
        />
      ) : (
        <TextInput
          type={isSecret ? "password" : "text"}
          autocomplete="off"
          inputMode={kind === "number" ? "numeric" : "text"}
          placeholder={isOptional ? words.nothing : ""}
          value={value}
          onInput={onInput}
        />
      )}
    </Field>
  )
}

function RawForm({ pane }: { readonly pane: Pane }) {
  const words = t().playground
  const [text, setText] = useState('{"type":"ping","id":1}')
  const [event, setEvent] = useState("heartbeat")
  const [payload, setPayload] = useState("")
  const [hasTrouble, setTrouble] = useState(false)
  const isSocketIo = pane.facts.value.transport === "socket.io"

  function send(): void {
    setTrouble(false)
    if (!isSocketIo) {
      pane.sendRaw({ kind: "frame", text })
      return
    }
    try {
      pane.sendRaw({
        kind: "event",
        event,
        payload: payload.trim() === "" ? undefined : JSON.parse(payload),
      })
    } catch {
      setTrouble(true)
    }
  }

  return (
    <form
      class="pane-fields"
      onSubmit={(submit) => {
        submit.preventDefault()
        send()
      }}
    >
      {isSocketIo ? (
        <>
          <Field label={words.rawEvent}>
            <TextInput value={event} onInput={setEvent} />
          </Field>
          <Field label={words.rawPayload} error={hasTrouble ? words.troubles.json : undefined}>
            <TextArea rows={4} spellcheck={false} value={payload} onInput={setPayload} />
          </Field>
        </>
      ) : (
        <Field label={words.rawFrame}>
          <TextArea rows={4} spellcheck={false} value={text} onInput={setText} />
        </Field>
      )}
      <Button type="submit" kind="primary" disabled={pane.status.value !== "open"}>
        <Icon node={Send} />
        {words.sendRaw}
      </Button>
    </form>
  )
}
