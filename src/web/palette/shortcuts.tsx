import { Fragment } from "preact"
import { useState } from "preact/hooks"
import { t } from "../strings"
import { Dialog } from "../ui/dialog"
import { TextInput } from "../ui/input"
import { shortcutsOpen } from "./palette-state"
import {
  type Combo,
  comboKeys,
  SHORTCUT_GROUPS,
  SHORTCUTS,
  type ShortcutGroup,
  shortcutsOf,
} from "./shortcut-table"
import { isAppleMachine } from "./start-keys"
import "./palette.css"

/** What keys do; opens on `?`. */
export function Shortcuts() {
  return shortcutsOpen.value ? <ShortcutsDialog /> : null
}

function ShortcutsDialog() {
  const [query, setQuery] = useState("")
  const close = () => {
    shortcutsOpen.value = false
  }
  const words = t().palette.shortcuts
  return (
    <Dialog title={words.title} onClose={close}>
      <TextInput
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        value={query}
        onInput={setQuery}
      />
      {SHORTCUT_GROUPS.map((group) => (
        <Group key={group} group={group} query={query} />
      ))}
    </Dialog>
  )
}

interface GroupProps {
  readonly group: ShortcutGroup
  /** Only those whose words hold it. */
  readonly query: string
}

function Group({ group, query }: GroupProps) {
  const words = t().palette.shortcuts
  const wanted = query.trim().toLowerCase()
  const shown = shortcutsOf(group).filter((id) => words.names[id].toLowerCase().includes(wanted))
  if (shown.length === 0) return null
  return (
    <section class="shortcut-group">
      <h3 class="profile-heading">{words.groups[group]}</h3>
      <dl class="shortcut-list">
        {shown.map((id) => (
          <div key={id}>
            <dt>{words.names[id]}</dt>
            <dd class="shortcut-keys">
              {SHORTCUTS[id].combos.map((combo, index) => (
                <Fragment key={comboKeys(combo, false, words.keys).join("+")}>
                  {index > 0 && ` ${words.or} `}
                  <Keys combo={combo} />
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Keys({ combo }: { readonly combo: Combo }) {
  const keys = comboKeys(combo, isAppleMachine(), t().palette.shortcuts.keys)
  return (
    <>
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 && " "}
          <kbd>{key}</kbd>
        </Fragment>
      ))}
    </>
  )
}
