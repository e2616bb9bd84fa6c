import { ShieldAlert } from "lucide"
import { useState } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { t } from "../strings"
import { BackButton } from "../ui/back-button"
import { EmptyState } from "../ui/empty-state"
import { Tabs } from "../ui/tabs"
import { Accounts } from "./accounts"
import { AllRooms } from "./all-rooms"
import { Figures } from "./figures"
import "./admin-view.css"

const TABS = { figures: Figures, accounts: Accounts, rooms: AllRooms } as const
type TabId = keyof typeof TABS

/** For those who run the server: how it is, who is on it, what rooms there are. */
export function AdminView() {
  const me = useLive(useClient().me)
  const [tab, setTab] = useState<TabId>("figures")
  const { admin } = t()
  const Tab = TABS[tab]
  return (
    <div class="admin">
      <header class="admin-head">
        <BackButton />
        <h1>{admin.title}</h1>
      </header>
      {me?.role === "admin" ? (
        <>
          <Tabs
            label={admin.title}
            tabs={[
              { id: "figures", label: admin.figures },
              { id: "accounts", label: admin.accounts },
              { id: "rooms", label: admin.rooms },
            ]}
            current={tab}
            onSelect={setTab}
          />
          <section role="tabpanel" aria-label={admin[tab]}>
            <Tab />
          </section>
        </>
      ) : (
        <EmptyState icon={ShieldAlert} title={admin.onlyAdmins} />
      )}
    </div>
  )
}
