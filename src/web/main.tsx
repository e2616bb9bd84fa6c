import "./theme.css"
import { render } from "preact"
import { Root } from "./root"
import { language, startPreferences } from "./state/preferences"
import { startRouting } from "./state/route"
import { startClient } from "./state/start-client"
import { speak, startSpeaking } from "./strings"
import { letGoOfOld } from "./ui/let-go"

/** What the page starts with. It lives as long as the page, so nothing of it is stopped. */
async function main(): Promise<void> {
  const element = document.querySelector("#app")
  if (element === null) throw new Error("the page has no #app")
  letGoOfOld()
  startPreferences()
  startRouting()
  const client = startClient()
  await Promise.all([speak(language.value), client.restore()])
  startSpeaking()
  render(<Root client={client} />, element)
}

void main()
