import { Check, Copy } from "lucide"
import { useEffect, useState } from "preact/hooks"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import type { Code } from "./highlight"
import "./code-block.css"

interface CodeBlockProps {
  readonly code: string
  /** As it stands behind the fence. Empty: none was said. */
  readonly language: string
}

/** Code that keeps its lines, in the colours of its language once these have come, to be copied. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const highlighted = useHighlighted(code, language)
  return (
    <div class="code-block">
      <pre {...scrollable} aria-label={t().text.code(language)}>
        <code>{highlighted === null ? code : highlighted.map(CodeSpan)}</code>
      </pre>
      <CopyButton text={code} />
    </div>
  )
}

/** It may be wider than the message, and must be scrolled without a mouse too. */
const scrollable = { tabIndex: 0, role: "region" } as const

function CodeSpan(part: Code[number]) {
  if (part.type === "text") return part.text
  return (
    <span class={part.names.map((name) => `code-${name}`).join(" ")}>
      {part.parts.map(CodeSpan)}
    </span>
  )
}

function useHighlighted(code: string, language: string): Code | null {
  const [highlighted, setHighlighted] = useState<Code | null>(null)
  useEffect(() => {
    let isCurrent = true
    setHighlighted(null)
    const load = async () => {
      if (language === "") return
      const { highlight } = await import("./highlight")
      if (isCurrent) setHighlighted(highlight(code, language))
    }
    // Without its colours it is code all the same; the next one tries again.
    void load().catch(() => undefined)
    return () => {
      isCurrent = false
    }
  }, [code, language])
  return highlighted
}

const copiedShownMs = 2_000

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setIsCopied(false), copiedShownMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
  }
  return (
    <div class="code-block-copy">
      <IconButton
        icon={isCopied ? Check : Copy}
        label={isCopied ? t().app.copied : t().app.copy}
        onClick={() => void copy().catch(() => undefined)}
      />
    </div>
  )
}
