import { quietly } from "../quietly"

/** Of what was kept, that of one account. What a page of another one has left behind is removed. */
export async function ownOf<Kept extends { readonly userId: string }>(
  kept: readonly Kept[],
  userId: string,
  remove: (it: Kept) => Promise<void>,
): Promise<Kept[]> {
  const isOwn = (it: Kept) => it.userId === userId
  for (const it of kept) if (!isOwn(it)) await quietly(remove(it))
  return kept.filter(isOwn)
}
