import { t } from "../strings"

export interface SettingsViewProps {
  readonly tab: string
}

export function SettingsView({ tab }: SettingsViewProps) {
  return (
    <h1>
      {t().settings.title}: {tab}
    </h1>
  )
}
