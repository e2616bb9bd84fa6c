import { Component, type ComponentChildren } from "preact"
import { t } from "../strings"
import { Button } from "./button"

export interface ErrorBoundaryProps {
  readonly children: ComponentChildren
}

/** Where a part of the page breaks, this says so, and the rest goes on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  override componentDidCatch(error: unknown): void {
    // For whoever looks for the reason; it holds nothing that people wrote.
    console.error(error)
    this.setState({ error })
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <div class="empty-state" role="alert">
        <h2 class="empty-state-title">{t().app.broken}</h2>
        <div class="empty-state-body">
          <p>{t().app.brokenHelp}</p>
          <p>
            <code>{error instanceof Error ? error.message : String(error)}</code>
          </p>
          <Button kind="primary" onClick={() => location.reload()}>
            {t().app.reload}
          </Button>
        </div>
      </div>
    )
  }
}
