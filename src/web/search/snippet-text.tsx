import { parseSnippet } from "./snippet"

/** A part of a message with what was looked for marked in it. */
export function SnippetText({ html }: { readonly html: string }) {
  return (
    <>
      {parseSnippet(html).map(({ text, isHit }, index) =>
        // Parts have no names: they are drawn anew when the snippet is another.
        isHit ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
      )}
    </>
  )
}
