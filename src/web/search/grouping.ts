import type { ApiSearchHit } from "../../protocol/answers"

export interface HitGroup {
  readonly roomId: string
  readonly hits: readonly ApiSearchHit[]
}

/**
 * Hits by room, the rooms in the order of their best hit. A message is there once, however many
 * pages bring it, and what later pages bring stands after what is shown already.
 */
export function groupHits(hits: readonly ApiSearchHit[]): readonly HitGroup[] {
  const groups = new Map<string, Map<string, ApiSearchHit>>()
  for (const hit of hits) {
    const { room_id: roomId, id } = hit.message
    const group = groups.get(roomId) ?? new Map<string, ApiSearchHit>()
    if (!group.has(id)) group.set(id, hit)
    groups.set(roomId, group)
  }
  return [...groups].map(([roomId, group]) => ({ roomId, hits: [...group.values()] }))
}
