import { useEffect, useState } from "preact/hooks"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import { explainRefusal, type Refusal } from "./explain-refusal"
import type { Ending } from "./line"
import type { Pane } from "./pane"
import type { Rest } from "./rest"

export interface EndingNoteProps {
  readonly pane: Pane
  readonly rest: Rest
}

/** Why the connection ended, in words: a code alone tells only those who know it already. */
export function EndingNote({ pane, rest }: EndingNoteProps) {
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const ending = pane.ending.value

  useEffect(() => {
    setRefusal(null)
    if (ending?.kind !== "websocket" || !ending.isRefused) return
    let isWanted = true
    const ask = async () => {
      const found = await explainRefusal(rest, pane)
      if (isWanted) setRefusal(found)
    }
    void ask()
    return () => {
      isWanted = false
    }
  }, [ending, pane, rest])

  if (ending === null) return null
  return (
    <Banner kind={isFine(ending) ? "info" : "danger"}>
      {endingWords(ending)}
      {refusal !== null && ` ${t().playground.refusals[refusal]}`}
    </Banner>
  )
}

const isFine = (ending: Ending) =>
  ending.kind === "websocket" ? ending.code === 1000 : ending.reason === "io client disconnect"

function endingWords(ending: Ending): string {
  const words = t().playground
  if (ending.kind === "socket.io") {
    const said = words.socketIoReasons[ending.reason] ?? ending.reason
    return ending.status === null ? said : `${ending.status}: ${said}`
  }
  if (ending.isRefused) return words.refused
  const said = words.closeCodes[ending.code] ?? words.unknownCode
  const reason = ending.reason === "" ? "" : ` (${ending.reason})`
  return `${words.closedWith(ending.code)} ${said}${reason}`
}
