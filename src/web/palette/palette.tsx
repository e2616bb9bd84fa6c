import { useEffect } from "preact/hooks"
import { SearchPanel } from "../search/search-panel"
import { route } from "../state/route"
import { sidePanel } from "../state/side-panel"
import { PaletteDialog } from "./palette-dialog"
import { paletteOpen, signingOut } from "./palette-state"
import { SignOutDialog } from "./sign-out-dialog"
import { startKeys } from "./start-keys"
import { startVisits } from "./visits"

/** Goes anywhere and does anything by a few letters; opens on Ctrl/Cmd-K. Listens for all shortcuts. */
export function Palette() {
  useEffect(startVisits, [])
  useEffect(startKeys, [])
  return (
    <>
      <SearchAlone />
      {paletteOpen.value && <PaletteDialog />}
      {signingOut.value && <SignOutDialog />}
    </>
  )
}

/** Where no room is open beside which it could stand, the search stands by itself. */
function SearchAlone() {
  if (sidePanel.value !== "search" || route.value.name === "room") return null
  const close = () => {
    sidePanel.value = null
  }
  return (
    <div class="search-alone">
      <SearchPanel roomId={null} onClose={close} />
    </div>
  )
}
