import type { Saying } from "./scene"

export const PROFILES = {
  ann: { display_name: "Ann" },
  bob: { display_name: "Bob" },
  cleo: { display_name: "Cleo" },
  dara: { display_name: "Dara" },
} as const

const CODE = `This is all that was slow:

\`\`\`ts
export async function openRoom(id: string): Promise<Room> {
  const room = await rooms.get(id)
  // Was asked for one by one: 40 requests for 40 people.
  const people = await users.list(room.memberIds)
  return { ...room, people }
}
\`\`\``

const FIGURES = `Measured on the small machine, the median of ten:

| page | before | now |
| --- | ---: | ---: |
| first load | 2.4 s | **0.8 s** |
| open a room | 410 ms | **60 ms** |
| search | 180 ms | 170 ms |`

export const TALK: readonly Saying[] = [
  {
    who: "ann",
    after: 5,
    text: "Morning all! What is left until Thursday:\n\n1. the slow first load\n2. words for the empty pages\n3. **release notes**",
    isPinned: true,
    reactions: { "👍": ["bob", "cleo", "dara"] },
  },
  { who: "bob", after: 3, text: "I take the first load." },
  { who: "bob", after: 1, text: "Somebody asks for every person by themselves, I think." },
  {
    who: "cleo",
    after: 9,
    text: "Words are mine. A first draft is in our usual place, *comments welcome*.",
    thread: [
      { who: "dara", after: 4, text: "I like them. Shorter for the phone, maybe?" },
      { who: "cleo", after: 2, text: "Half of them are. I will go over the rest after lunch." },
      { who: "ann", after: 6, text: "“Nothing here yet” made me smile 🙂" },
    ],
  },
  { who: "dara", after: 23 * 60, text: "The release notes are ready to be read, @ann" },
  { who: "bob", after: 14, text: CODE, reactions: { "🚀": ["ann", "cleo"], "👀": ["dara"] } },
  { who: "bob", after: 1, text: FIGURES },
  {
    who: "dara",
    after: 4,
    text: "And as a picture:",
    picture: "chart",
    reactions: { "🎉": ["ann", "bob"] },
  },
  {
    who: "ann",
    after: 6,
    text: "That is a different product. Thank you!",
    answers: "Measured on ",
  },
  { who: "cleo", after: 2, text: "So Thursday it is? 🎂" },
]

export const REVIEW: readonly Saying[] = [
  { who: "cleo", after: 2, text: "New icons for the menu, who has an eye for them?" },
  { who: "dara", after: 1, text: "@ann you had something to say about the arrow" },
  { who: "cleo", after: 1, text: "All of it is in the file now." },
]
