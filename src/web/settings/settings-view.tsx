import { useClient, useLive } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { BackButton } from "../ui/back-button"
import { Tabs } from "../ui/tabs"
import { AboutTab } from "./about-tab"
import { AccountTab } from "./account-tab"
import { AppearanceTab } from "./appearance-tab"
import { BlockedTab } from "./blocked-tab"
import { KeysTab } from "./keys-tab"
import { NotificationsTab } from "./notifications-tab"
import { ProfileTab } from "./profile-tab"
import { SecurityTab } from "./security-tab"
import { SETTINGS_TABS, type SettingsTab, settingsTab } from "./settings-tab"
import "./settings.css"

export interface SettingsViewProps {
  readonly tab: string
}

/** All that somebody may set, of the account and of this browser. */
export function SettingsView({ tab }: SettingsViewProps) {
  const current = settingsTab(tab)
  const words = t().settings
  return (
    <div class="settings">
      <header class="settings-head">
        <BackButton />
        <h1>{words.title}</h1>
      </header>
      <Tabs
        tabs={SETTINGS_TABS.map((id) => ({ id, label: words.tabs[id] }))}
        current={current}
        onSelect={(id) => navigate(pathTo.settings(id), { replace: true })}
        label={words.tabsLabel}
      />
      <div class="settings-body" role="tabpanel" aria-label={words.tabs[current]}>
        <Panel tab={current} />
      </div>
    </div>
  )
}

function Panel({ tab }: { readonly tab: SettingsTab }) {
  const me = useLive(useClient().me)
  if (me === null) return null
  switch (tab) {
    case "profile":
      return <ProfileTab me={me} />
    case "appearance":
      return <AppearanceTab />
    case "notifications":
      return <NotificationsTab />
    case "security":
      return <SecurityTab />
    case "keys":
      return <KeysTab me={me} />
    case "blocked":
      return <BlockedTab />
    case "account":
      return <AccountTab me={me} />
    case "about":
      return <AboutTab />
  }
}
