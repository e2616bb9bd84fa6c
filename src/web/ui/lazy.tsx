import type { ComponentType } from "preact"
import { useEffect, useState } from "preact/hooks"
import { t } from "../strings"
import { Banner } from "./banner"
import { Button } from "./button"
import { Waiting } from "./spinner"

/**
 * A view whose code is fetched when it is first shown. Where that fails, it says so and tries again:
 * after an update of the server its files may have other names, so then the page is to be reloaded.
 */
export function createLazy<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | null = null
  return function Lazy(props: Props) {
    const [, setLoaded] = useState(loaded)
    const [hasFailed, setFailed] = useState(false)
    useEffect(() => {
      if (loaded !== null || hasFailed) return
      let isWanted = true
      load().then(
        (component) => {
          loaded = component
          // A function in a state is called by it.
          if (isWanted) setLoaded(() => component)
        },
        () => isWanted && setFailed(true),
      )
      return () => {
        isWanted = false
      }
    }, [hasFailed])
    if (loaded !== null) {
      const View = loaded
      return <View {...props} />
    }
    if (!hasFailed) return <Waiting />
    const reload = <Button onClick={() => location.reload()}>{t().app.reload}</Button>
    return (
      <Banner kind="danger" action={reload}>
        {t().app.partNotLoaded}
      </Banner>
    )
  }
}
