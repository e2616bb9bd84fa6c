import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { VARIABLES, type VariableName } from "../src/config"
import { LIMITS } from "../src/protocol/limits"

/** A limit's number, and words of the name of a test that runs into it, written with it. */
type Held = readonly [number: number, ...names: string[]]

/** The build breaks where a limit is missing here, and a test below where its number is another. */
const HELD: Readonly<Record<keyof typeof LIMITS, Held>> = {
  frameBytesMax: [65_536, "answers a frame of 64 KiB and a byte with payload_too_large"],
  socketPayloadBytesMax: [1_048_576, "closes with 1009 on a frame of 1 MiB and a byte"],
  socketBacklogBytesMax: [8_388_608],
  backlogNoticeBytes: [1_048_576, "at 1 MiB it is told so, once"],
  backlogRecoveredBytes: [262_144, "makes it slow until 256 KiB are left"],
  backlogCloseBytes: [4_194_304, "makes it go at 4 MiB"],
  backlogLookChars: [262_144, "is looked at once for 262,144 characters"],
  toldAtOnceCharsMax: [
    262_144,
    "given 12 MB sent at once, about 262,144 characters are told at a time",
    "come in pages of about 262,144 characters",
  ],
  backlogReadMsMax: [30_000, "is waited for 30 s at most"],
  pendingFramesMax: [256, "answers the 257th waiting frame with overloaded"],
  roomsPerFrameMax: [200, "with 201 rooms to subscribe to"],
  roomsPerFrameCounted: [10, "10 rooms of a subscribe"],
  attachmentsPerMessageMax: [10, "of 11 attachments"],
  mentionsPerMessageMax: [50, "the first 50 names of a text are looked up"],
  unreadCountedMax: [1_000, "1,001 unread messages, and as many mentions, count as 1,000"],
  readsMembersMax: [100, "in a room of 101 members"],
  scheduledPerUserMax: [100, "refuses the 101st message of one user that waits"],
  daysAheadMax: [
    365,
    "may be at most 365 days ahead, in the future",
    "at most 365 days after it is sent",
  ],
  reactorsListedMax: [20, "names the first 20 users of a reaction"],
  reactionsPerMessageMax: [50, "refuses the 51st emoji of a message"],
  emojiCharsMax: [64, "an emoji has 1 to 64 characters"],
  pinsPerRoomMax: [100, "refuses the 101st pin of a room"],
  cursorCharsMax: [4_096, "a cursor has at most 4,096 characters"],
  changesPerPageMax: [200, "then they come in pages of 200"],
  answerCharsMax: [1_048_576, "then each answer has about 1 MiB"],
  freshMessages: [50, "starting afresh tells 50 messages", "then the newest 50 come"],
  searchCharsMax: [256, "of 257 characters"],
  searchTermsMax: [32, "of 33 words"],
  searchRankedMax: [1_000, "the newest 1,000 are ranked"],
  searchCatchUpMax: [5_000, "takes in 5,000 messages"],
  searchesPerMinuteMax: [120, "the 121st search in a minute"],
  listLimitDefault: [50, "a list has 50 where nothing is said"],
  listLimitMax: [200, "and at most 200", "a history has one cursor at most, and 1 to 200"],
  jsonDepthMax: [32, "nested at most 32 deep"],
  metadataBytesMax: [8_192, "at most 8192 bytes long"],
  linkPreviewsPerMessageMax: [3, "of 4 addresses in a text, 3 are looked at"],
  linkPreviewsPerMinuteMax: [20, "the 21st address of a minute is not looked at"],
  linkPreviewsPerSitePerMinuteMax: [30, "the 31st request of a minute to one site is not made"],
  linkPreviewsAtOnceMax: [4, "4 pages at a time"],
  linkPreviewsWaitingMax: [100, "and 100 wait: the 105th has no preview"],
  linkPreviewMsMax: [5_000, "is given up after 5,000 ms"],
  linkPreviewConnectMsMax: [2_000, "after 2,000 ms where no connection stands"],
  linkPreviewRedirectsMax: [3, "3 of them and not 4"],
  linkPreviewPageBytesMax: [524_288, "is read for 524,288 bytes and no further"],
  linkPreviewTitleCharsMax: [200, "at most 200 characters of title and site_name"],
  linkPreviewDescriptionCharsMax: [500, "and 500 of description"],
  roomNameCharsMax: [100, "its name has at most 100 characters"],
  roomTopicCharsMax: [500, "its topic 500"],
  sanctionReasonCharsMax: [500, "the reason of a ban or a mute has at most 500 characters"],
  displayNameCharsMax: [64, "a display name of 65", "a display name 64"],
  addressCharsMax: [2_000, "an avatar_url 2,000"],
  clientIdCharsMax: [128, "a client_id has 1 to 128 characters"],
  conversationPeopleMax: [50, "a conversation has at most 50 people"],
  invitesPerMemberMax: [10, "refuses the 11th good invite of a plain member"],
  invitesPerRoomMax: [100, "refuses the 101st good invite of a room"],
  keysPerUserMax: [100, "refuses the 101st good key of a user"],
  profileChangesPerMinuteMax: [10, "refuses the 11th change of a minute"],
  claimedUsersPerMinuteMax: [600, "refuses the 601st user of a minute that is made by a claim"],
  fileReadsPerRestRequestMax: [5, "are counted apart, 5 times as many"],
  restBodyBytesMax: [262_144, "a body may have 262,144 bytes"],
  requestBytesMax: [1_048_576, "a request of 1 MiB and a byte more than a file may have is a bare"],
  uploadEnvelopeBytesMax: [65_536, "a form may have 64 KiB more than its file"],
  uploadNameCharsMax: [255, "keeps 255 characters of a name, its ending among them"],
  uploadsAtOnceMax: [4, "refuses the 5th upload of a user at the same time"],
  looseUploadBytesMax: [268_435_456, "refuses an upload beside 256 MiB that no message shows"],
  looseUploadMs: [86_400_000, "what nothing shows is removed after 86400 s"],
  thumbnailPixelsMax: [400, "a thumbnail fits into 400 by 400 pixels"],
  picturePixelsMax: [50_000_000, "a picture of 50,000,001 pixels is a file without a thumbnail"],
  authFrameMsMax: [5_000, "given no auth within 5 s", "said who it is for 5 s, and not before"],
  heartbeatMs: [25_000, "beats every 25 s"],
  typingMs: [10_000, "ends by itself 10 s after"],
  offlineGraceMs: [2_000, "a user is offline 2 s after", "who is back within 2 s"],
  presenceAudienceMax: [500, "a room of 501 present users", "of 501 members online"],
  presenceRoomsMax: [200, "who is a member of 201 rooms is told to 200"],
  newNamesPerMinuteMax: [20, "refuses the 21st new name of a minute"],
  presentListedMax: [1_000, "names the first 1,000 of those present in a room"],
  presentInListsMax: [10_000, "names 10,000 people in all rooms of a list together"],
  roomCommandsContentCharsMax: [1_000, "a message of 1,000 characters is taken, one of 1,001 not"],
  roomsListedMax: [1_000, "lists the newest 1,000 rooms"],
  onlineAudienceMax: [1_000, "up to 1,000 sockets of the namespace hear of everybody"],
  socketIoRoomsContentCharsMax: [2_000, "sends 2,000 characters, and not 2,001"],
  writeQueueMax: [100_000, "refuses the 100,001st write of one turn"],
}

/** Without a test that runs into it, each with its reason. */
const UNHELD: Readonly<Record<string, string>> = {
  socketBacklogBytesMax: "what the system's own buffers take before it is nobody's to say",
}

interface HeldSetting {
  readonly production: Held
  readonly development: Held
}

const always = (...held: Held): HeldSetting => ({ production: held, development: held })

const SETTINGS: Readonly<Record<string, HeldSetting>> = {
  CHAT_MAX_MESSAGES_PER_MIN: {
    production: [30, "refuses the 31st message of a minute in production"],
    development: [60, "refuses the 61st message of a minute in development"],
  },
  CHAT_MAX_JOINS_PER_MIN: {
    production: [10, "refuses the 11th join of a minute in production"],
    development: [20, "refuses the 21st join of a minute in development"],
  },
  CHAT_MAX_TYPING_PER_MIN: {
    production: [60, "refuses the 61st typing notice of a minute in production"],
    development: [120, "refuses the 121st notice of a minute"],
  },
  CHAT_HTTP_MAX_PER_MIN: always(300, "refuses the 301st REST request of a minute"),
  CHAT_AUTH_MAX_PER_MIN: {
    production: [
      10,
      "refuses the 11th attempt of a minute from one address in production",
      "refuses the 11th attempt of a minute at one account in production",
      "refuses the 11th attempt of a minute at one account, meant by",
    ],
    development: [600, "refuses the 601st attempt of a minute in development"],
  },
  CHAT_MAX_FRAMES_PER_SEC: always(100, "passes 100 a second for ever", "and passes 100 more"),
  CHAT_MAX_CONNECTIONS_PER_USER: always(20, "refuses the 21st connection of one user with 429"),
  CHAT_MAX_CONNECTIONS_PER_ADDRESS: always(200, "refuses the 201st connection of one address"),
  CHAT_MAX_ROOMS_PER_USER: always(10, "refuses the 11th room of one owner with room_limit"),
  CHAT_DEFAULT_MAX_USERS: always(100, "a room whose maker names no max_users has 100"),
  CHAT_MAX_UPLOAD_BYTES: always(26_214_400, "refuses a file of 25 MiB and a byte"),
  CHAT_MAX_UPLOADS_PER_MIN: {
    production: [20, "refuses the 21st upload of a minute in production"],
    development: [60, "refuses the 61st upload of a minute in development"],
  },
  CHAT_MAX_MESSAGE_LENGTH: always(4_000, "4,000 characters are a message, and 4,001 are not"),
}

/** This file apart, which has all of the names. */
const tests = [...new Bun.Glob("tests/**/*.test.ts").scanSync(".")]
  .filter((path) => path !== "tests/limits.test.ts")
  .map((path) => readFileSync(path, "utf8"))

/** Whether a line has the words in a text: a comment with them holds nothing. */
const isHeldBy = (name: string): boolean =>
  tests.some((text) =>
    text.split("\n").some((line) => {
      const [before, ...after] = line.split(name)
      return after.length > 0 && /^[^/]*"[^"]*$/.test(before ?? "")
    }),
  )

/** A number as names write it: itself, or the first one that is too many, or in a larger unit. */
function writings(number: number): string[] {
  const plain = [number, number + 1].flatMap((it) => [String(it), it.toLocaleString("en")])
  const units: readonly [number, string][] = [
    [1_000, "s"],
    [1_024, "KiB"],
    [1_048_576, "MiB"],
  ]
  const inUnits = units
    .filter(([size]) => number % size === 0)
    .map(([size, unit]) => `${number / size} ${unit}`)
  return [...plain, ...inUnits]
}

function expectHeld([number, ...names]: Held): void {
  for (const name of names) {
    const isWritten = writings(number).some((it) => RegExp(`(?<![\\d,])${it}(?!\\d)`).test(name))
    expect({ name, isWritten, isHeld: isHeldBy(name) }).toEqual({
      name,
      isWritten: true,
      isHeld: true,
    })
  }
}

describe("every limit has a test with its number in its name", () => {
  test.each(Object.entries(LIMITS))("%s: %i", (name, value) => {
    const held = HELD[name as keyof typeof LIMITS]

    expect(held[0]).toBe(value)
    expect(held.length > 1).toBe(!(name in UNHELD))
    expectHeld(held)
  })

  const limits = (Object.keys(VARIABLES) as VariableName[]).filter((name) => /_MAX_/.test(name))
  test.each(limits)("%s", (name) => {
    const held = SETTINGS[name]
    const written = VARIABLES[name].default
    const byEnvironment =
      typeof written === "string" ? { production: written, development: written } : written

    expect(held?.production[0]).toBe(Number(byEnvironment?.production))
    expect(held?.development[0]).toBe(Number(byEnvironment?.development))
    for (const environment of ["production", "development"] as const) {
      const it = held?.[environment]
      expect(it?.length).toBeGreaterThan(1)
      if (it !== undefined) expectHeld(it)
    }
  })

  test("words that no test has are not held, nor those of a comment, nor a number that is another", () => {
    expect(isHeldBy("refuses the 12th room of one owner")).toBe(false)
    // A comment has this one: "no more than 10 log-ins a minute".
    expect(isHeldBy("No more than 10 log-ins a minute")).toBe(false)
    expect(() => expectHeld([11, "refuses the 11th change of a minute"])).not.toThrow()
    expect(() => expectHeld([1, "refuses the 11th change of a minute"])).toThrow()
    expect(limits.length).toBe(Object.keys(SETTINGS).length)
  })
})
