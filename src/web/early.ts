/**
 * Runs before anything is drawn, so that nobody who likes it dark sees a white page first. It is a
 * file of its own, because the policy of the page allows no script within it; and not a module,
 * because those run only when the page is there.
 */
;(() => {
  const readTheme = () => {
    try {
      return localStorage.getItem("parley.theme")
    } catch {
      // Not allowed to keep anything: then as the system has it.
      return null
    }
  }
  const kept = readTheme()
  const isDark =
    kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.dataset.theme = isDark ? "dark" : "light"
})()
