/** Pixels between a thing and what hangs on it, and between that and the window's edge. */
const GAP = 4
const EDGE = 8

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Where something of that size goes beside an anchor: below it, else above, else where it fits;
 * always within the window.
 */
export function placeBeside(anchor: Box, size: Size, view: Size): { left: number; top: number } {
  const below = anchor.bottom + GAP
  const above = anchor.top - GAP - size.height
  const fitsBelow = below + size.height <= view.height - EDGE
  const lowest = Math.max(EDGE, view.height - EDGE - size.height)
  const top = fitsBelow ? below : above >= EDGE ? above : lowest
  // To the right from its left edge; where that has no room, to the left from its right edge.
  const fitsRight = anchor.left + size.width <= view.width - EDGE
  const left = fitsRight ? anchor.left : anchor.right - size.width
  const rightmost = Math.max(EDGE, view.width - EDGE - size.width)
  return { left: Math.min(Math.max(EDGE, left), rightmost), top }
}
