/** Pixels; browsers make it smaller. */
const SIZE = 64

/**
 * Puts a dot on the page's icon, or takes it away. Drawn here, for another picture for each state
 * would have to be fetched. Where it can't be drawn, the icon stays.
 */
export function createFavicon(document: Document) {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const plain = link?.href ?? ""
  let isMarked = false
  let drawn: Promise<string | null> | null = null

  async function show(mark: boolean): Promise<void> {
    if (link === null || mark === isMarked) return
    isMarked = mark
    if (!mark) {
      link.href = plain
      return
    }
    drawn ??= draw(document, plain)
    const picture = await drawn
    // It may have been read meanwhile.
    if (picture !== null && isMarked) link.href = picture
  }

  return {
    mark: (isNew: boolean) => void show(isNew),
  }
}

async function draw(document: Document, url: string): Promise<string | null> {
  try {
    const icon = new Image(SIZE, SIZE)
    icon.src = url
    await icon.decode()
    const canvas = document.createElement("canvas")
    canvas.width = SIZE
    canvas.height = SIZE
    const pen = canvas.getContext("2d")
    if (pen === null) return null
    pen.drawImage(icon, 0, 0, SIZE, SIZE)
    pen.beginPath()
    pen.arc(SIZE * 0.74, SIZE * 0.26, SIZE * 0.24, 0, 2 * Math.PI)
    pen.fillStyle = "#e02d3c"
    pen.fill()
    pen.lineWidth = SIZE * 0.06
    pen.strokeStyle = "#ffffff"
    pen.stroke()
    return canvas.toDataURL("image/png")
  } catch {
    return null
  }
}
