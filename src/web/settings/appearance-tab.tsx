import { DENSITIES, density, LANGUAGES, language, THEMES, theme } from "../state/preferences"
import { t } from "../strings"
import { Choices } from "./choices"

/** How it looks in this browser; at once, so that one sees what one chooses. */
export function AppearanceTab() {
  const { app, settings } = t()
  return (
    <div class="settings-form">
      <Choices label={app.theme} of={THEMES} words={app.themes} chosen={theme} />
      <Choices
        label={settings.density}
        of={DENSITIES}
        words={settings.densities}
        chosen={density}
      />
      <Choices label={app.language} of={LANGUAGES} words={app.languages} chosen={language} />
    </div>
  )
}
