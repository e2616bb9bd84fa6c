/**
 * What runs in the page that is measured, before any of its own scripts. A text, as it is not
 * code of this process: it looks at what is shown, and knows nothing of how it came about.
 */
export const PROBE = `(() => {
  const probe = { usableAt: null, sends: [] }
  window.probe = probe

  // Usable: the rooms are listed, the open one shows what was said, and one can write.
  const look = () => {
    const rooms = document.querySelector("nav a[href*='#/rooms/']")
    const message = document.querySelector("[role=feed] article")
    const box = document.querySelector("main textarea:not(:disabled)")
    if (rooms && message && box) probe.usableAt ??= performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)

  // From the key that sends to the row that shows it, and to the one that the server has.
  addEventListener("keydown", (event) => {
    const box = event.target
    if (event.key !== "Enter" || !(box instanceof HTMLTextAreaElement) || box.value === "") return
    const send = { text: box.value, from: performance.now(), shown: null, stored: null }
    probe.sends.push(send)
    const seen = () => {
      const row = [...document.querySelectorAll("[role=feed] article")]
        .findLast((it) => it.textContent.includes(send.text))
      if (row) send.shown ??= performance.now() - send.from
      if (row && !row.matches(".message-sending, .message-failed")) {
        send.stored = performance.now() - send.from
        watcher.disconnect()
      }
    }
    const watcher = new MutationObserver(seen)
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true })
  }, { capture: true })
})()`
