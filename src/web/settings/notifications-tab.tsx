import { useEffect } from "preact/hooks"
import { defaultLevel, LEVELS, levelOf, setLevel, soundOn } from "../notifications/levels"
import { askPermission, lookAtPermission, permission } from "../notifications/permission"
import { useClient, useLive } from "../state/client"
import { roomName } from "../state/names"
import { notificationsOn } from "../state/preferences"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import { Select } from "../ui/input"
import { Switch } from "../ui/switch"
import { Choices } from "./choices"

/** What one is told of while one looks elsewhere. The browser is asked when one switches it on. */
export function NotificationsTab() {
  const rooms = useLive(useClient().rooms)
  const { settings: words, notifications } = t()
  const options = LEVELS.map((value) => ({ value, label: notifications.levels[value] }))
  useEffect(lookAtPermission, [])
  const isAllowed = permission.value === "granted"
  const isOn = notificationsOn.value && isAllowed

  async function switchTo(wanted: boolean): Promise<void> {
    notificationsOn.value = wanted && (await askPermission()) === "granted"
  }

  return (
    <div class="settings-form">
      <div class="field">
        <Switch
          label={words.desktop}
          isOn={isOn}
          disabled={permission.value === "unsupported"}
          onChange={(wanted) => void switchTo(wanted)}
        />
        <p class="field-hint">{words.desktopHelp}</p>
      </div>
      {permission.value === "denied" && <Banner kind="warn">{words.desktopDenied}</Banner>}
      {permission.value === "unsupported" && (
        <Banner kind="info">{words.desktopUnsupported}</Banner>
      )}
      <Switch
        label={words.sound}
        isOn={soundOn.value}
        onChange={(wanted) => {
          soundOn.value = wanted
        }}
      />
      <Choices
        label={words.defaultLevel}
        of={LEVELS}
        words={notifications.levels}
        chosen={defaultLevel}
      />
      <section class="settings-part">
        <h2>{words.perRoom}</h2>
        <p class="field-hint">{words.perRoomHelp}</p>
        {rooms.length === 0 && <p class="field-hint">{words.noRooms}</p>}
        <ul class="settings-list">
          {rooms.map((view) => (
            <li key={view.room.id} class="settings-row">
              <span class="settings-row-words">{roomName(view)}</span>
              <Select
                aria-label={words.levelOf(roomName(view))}
                value={levelOf(view.room)}
                options={options}
                onChange={(level) => setLevel(view.room.id, level)}
              />
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
