/**
 * The limits that are not settings: each with its unit, its value and its reason. Limits that
 * an operator may change are in `config.ts`.
 */
export const LIMITS = {
  /** A chat frame is text; 64 KiB holds 4,000 of the widest characters, escaped, and then some. */
  frameBytesMax: 64 * 1024,
  /** Beyond this Bun closes the socket with 1009 before any code of ours runs. */
  socketPayloadBytesMax: 1024 * 1024,
  /** What one connection may leave unread before Bun gives it up, without a close frame. */
  socketBacklogBytesMax: 8 * 1024 * 1024,
  /**
   * Unread bytes from which on a connection counts as slow: told so, and told no typing and
   * presence. What the kernel holds, up to some MiB more, is not counted anywhere here.
   */
  backlogNoticeBytes: 1024 * 1024,
  /** At so few unread bytes a slow connection has caught up. */
  backlogRecoveredBytes: 256 * 1024,
  /**
   * Unread bytes at which a connection hears nothing more and goes with 4008. What may come on
   * top before that is noticed, one answer (3 bytes a character) and `backlogLookChars`, stays
   * below `socketBacklogBytesMax`.
   */
  backlogCloseBytes: 4 * 1024 * 1024,
  /** Once for so many characters that not everybody could take, all connections are looked at. */
  backlogLookChars: 256 * 1024,
  /**
   * About as many characters are told in one turn: less than makes anybody slow who reads. Whoever
   * listens cannot read between what is told at once, and must not be cut off because it is much.
   */
  toldAtOnceCharsMax: 256 * 1024,
  /** A client that is to go with 4008 has so long to read what comes before the close frame. */
  backlogReadMsMax: 30_000,
  /** Frames of one connection that wait for their answer; beyond it: `overloaded`. */
  pendingFramesMax: 256,
  /** Rooms in one `subscribe`; a client with more asks again. */
  roomsPerFrameMax: 200,
  /** So many rooms of a `subscribe` or of a list count as one more frame: each is some work. */
  roomsPerFrameCounted: 10,
  /** Files that one message shows. */
  attachmentsPerMessageMax: 10,
  /** Names that are looked up for one message; what else looks like one in it is text. */
  mentionsPerMessageMax: 50,
  /**
   * Unread messages of a room that are counted, and mentions: beyond that one shows "999+". Each
   * costs 0.2 µs, in each room of whoever asks, once for each change (bench/ `unread`).
   */
  unreadCountedMax: 1_000,
  /** Rooms with more members do not tell how far each has read: nobody would look at them all. */
  readsMembersMax: 100,
  /** Messages of one user that wait to be sent, and those that could not be. */
  scheduledPerUserMax: 100,
  /** So far ahead messages may be scheduled, and so long after it they expire at the latest. */
  daysAheadMax: 365,
  /** Users of a reaction that a message names; the rest are counted. */
  reactorsListedMax: 20,
  /** Emoji that one message is reacted to with: each stands in it, wherever it is told. */
  reactionsPerMessageMax: 50,
  /** The longest emoji have ten code points; names between colons may have more. */
  emojiCharsMax: 64,
  /** Messages of one room that are pinned at the same time. */
  pinsPerRoomMax: 100,
  /**
   * Characters of the cursor of an event stream: it comes back in a header, and proxies take no
   * line longer than 8 KiB. Of rooms that do not fit, it knows when all of them had been told.
   */
  cursorCharsMax: 4_096,
  /** Changes told at a time when a client resumes. */
  changesPerPageMax: 200,
  /**
   * About as many characters of JSON are told in one answer, so that it fits into the backlog of
   * a socket with room for the events that come meanwhile. The rest is `more`.
   */
  answerCharsMax: 1024 * 1024,
  /** Messages of a room shown to a client that starts afresh. */
  freshMessages: 50,
  listLimitDefault: 50,
  listLimitMax: 200,
  /** Code points of what is looked for. */
  searchCharsMax: 256,
  /** Words of what is looked for: each is a walk through the index. */
  searchTermsMax: 32,
  /** Of all messages that a search finds, so many of the newest are ranked. */
  searchRankedMax: 1_000,
  /** Messages that a search takes into the index before it answers; more of them are left behind. */
  searchCatchUpMax: 5_000,
  /** Of one user: a search is as much work as a hundred messages. */
  searchesPerMinuteMax: 120,
  /** JSON deeper than this is nobody's chat message, and recursion costs stack. */
  jsonDepthMax: 32,
  metadataBytesMax: 8 * 1024,
  /** Addresses of one message that are looked at: pages of others, for a nicety. */
  linkPreviewsPerMessageMax: 3,
  /** Addresses that are looked at for one user, so that nobody has us visit a site often. */
  linkPreviewsPerMinuteMax: 20,
  /** Requests to one address of the network, whoever asks and by whatever name. */
  linkPreviewsPerSitePerMinuteMax: 30,
  /** Pages that a node fetches at a time. */
  linkPreviewsAtOnceMax: 4,
  /** Pages that wait for that; beyond it, a message has no preview. */
  linkPreviewsWaitingMax: 100,
  /** For a page, with all that leads there. */
  linkPreviewMsMax: 5_000,
  /** Of that, until a connection stands, TLS included. */
  linkPreviewConnectMsMax: 2_000,
  linkPreviewRedirectsMax: 3,
  /** What is read of a page: some large sites say what they are only after 300 KiB of scripts. */
  linkPreviewPageBytesMax: 512 * 1024,
  /** Also of the name of the site. */
  linkPreviewTitleCharsMax: 200,
  linkPreviewDescriptionCharsMax: 500,
  roomNameCharsMax: 100,
  roomTopicCharsMax: 500,
  sanctionReasonCharsMax: 500,
  displayNameCharsMax: 64,
  addressCharsMax: 2000,
  clientIdCharsMax: 128,
  /** People of one conversation; more than that is a room, with somebody to run it. */
  conversationPeopleMax: 50,
  /** Codes of one room that are good at the same time. */
  invitesPerRoomMax: 100,
  /** Of these, those of a member who does not moderate. */
  invitesPerMemberMax: 10,
  /** Keys of one user that are good at the same time. */
  keysPerUserMax: 100,
  /** Each is told to all rooms of the user. */
  profileChangesPerMinuteMax: 10,
  /**
   * Users made on the fly for clients that are believed who they are, by all clients together:
   * enough for any demo, and the table of users stays bounded.
   */
  claimedUsersPerMinuteMax: 600,
  /**
   * Files that an address may ask for where it may make one REST request: a room full of pictures
   * is a file each, and a browser that was refused one shows it as broken.
   */
  fileReadsPerRestRequestMax: 5,
  restBodyBytesMax: 256 * 1024,
  /**
   * Beyond this, and the largest file that may be uploaded, Bun answers a bare 413 before any code
   * of ours runs.
   */
  requestBytesMax: 1024 * 1024,
  /** What is around a file in the body that brings it: headers, and fields that nobody reads. */
  uploadEnvelopeBytesMax: 64 * 1024,
  uploadNameCharsMax: 255,
  /** Uploads of one user at the same time, on one server: each holds a file open. */
  uploadsAtOnceMax: 4,
  /** Of one user, as long as no message shows them: that is how a disk could be filled. */
  looseUploadBytesMax: 256 * 1024 * 1024,
  /** What nothing shows is kept for so long: somebody may be about to send it. */
  looseUploadMs: 86_400_000,
  /** Of either side. */
  thumbnailPixelsMax: 400,
  /** A picture of more is not unpacked: that would take 4 bytes each. */
  picturePixelsMax: 50_000_000,
  /** A page without cookies sends its token in the first frame within this time. */
  authFrameMsMax: 5_000,
  heartbeatMs: 25_000,
  /** A typing notice that is not renewed ends by itself. */
  typingMs: 10_000,
  /** A user who reconnects within this time was never offline. */
  offlineGraceMs: 2_000,
  /** Rooms with more users present do not tell who came online: it would be quadratic. */
  presenceAudienceMax: 500,
  /** Rooms that hear of one user's coming and going, so one log-in stays one cheap write. */
  presenceRoomsMax: 200,
  /** Rooms that come about in a minute because one user joins names that are none yet. */
  newNamesPerMinuteMax: 20,
  /** Of those present in a room so many are told by name. */
  presentListedMax: 1_000,
  /** The same for all rooms of a list together, so that it fits into one frame. */
  presentInListsMax: 10_000,
  /** Characters of a message that is sent by `room-commands`, as its document has it. */
  roomCommandsContentCharsMax: 1_000,
  /** Rooms in one answer to `list_rooms` of `room-commands`, which knows no pages. */
  roomsListedMax: 1_000,
  /** Up to so many Socket.IO sockets, all of them hear who comes online; beyond it, those who share a room. */
  onlineAudienceMax: 1_000,
  /** Characters of a message that is sent by `socketio-rooms`, as its document has it. */
  socketIoRoomsContentCharsMax: 2_000,
  /** Writes that may wait for the next commit; beyond it: `overloaded`. */
  writeQueueMax: 100_000,
} as const
