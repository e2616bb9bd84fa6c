import { Fragment } from "preact"
import { t } from "../strings"
import { Dialog } from "../ui/dialog"
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
  if (!shortcutsOpen.value) return null
  const close = () => {
    shortcutsOpen.value = false
  }
  const words = t().palette.shortcuts
  return (
    <Dialog title={words.title} onClose={close}>
      {SHORTCUT_GROUPS.map((group) => (
        <Group key={group} group={group} />
      ))}
    </Dialog>
  )
}

function Group({ group }: { readonly group: ShortcutGroup }) {
  const words = t().palette.shortcuts
  return (
    <section class="shortcut-group">
      <h3 class="profile-heading">{words.groups[group]}</h3>
      <dl class="shortcut-list">
        {shortcutsOf(group).map((id) => (
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
