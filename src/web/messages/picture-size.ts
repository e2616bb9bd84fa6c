export interface Size {
  readonly width: number
  readonly height: number
}

/** Of a picture of which nobody says how large it is. */
const UNKNOWN: Size = { width: 320, height: 240 }

/** What a finger or a mouse can meet. */
const MIN_PX = 24

/**
 * How large a picture is shown within `max`, and never larger than it is but to be pressed: known
 * before it has loaded, so that nothing moves when it has.
 */
export function fit(width: number | undefined, height: number | undefined, max: Size): Size {
  const own = width === undefined || height === undefined || width * height === 0
  const size = own ? UNKNOWN : { width, height }
  const share = Math.min(1, max.width / size.width, max.height / size.height)
  return {
    width: Math.max(MIN_PX, Math.round(size.width * share)),
    height: Math.max(MIN_PX, Math.round(size.height * share)),
  }
}
