/**
 * Parameters and fields of bodies in words, by name: a name means the same wherever it stands.
 * Where it does not, the operation says so itself. Lengths and bounds come from the schemas.
 */
export const FIELDS: Readonly<Record<string, string>> = {
  after: "A seq, itself left out: what comes after it.",
  attachment_ids: "Ids of the sender's own uploads, each once.",
  avatar_url: "An http or https address, or a path on this server; null takes it away.",
  around: "A seq, in the middle of the page.",
  before: "A seq, itself left out: what comes before it.",
  client_id:
    "Chosen by the sender. The same again gives the first message back; with other content it is a `conflict`.",
  code: "The invite's code.",
  content:
    "At most `CHAT_MAX_MESSAGE_LENGTH` characters; of `image` and `file`, an http or https address or a path on this server. `@username` mentions a member of the room, `@room` everybody in it.",
  current_password: "The password that is in force.",
  cursor: "From `Link` of the page before.",
  display_name: "The name that others read.",
  email: "An e-mail address. Nobody else has it; only oneself and admins see it.",
  emoji:
    "An emoji, or a name as in `:shrug:`, URL-encoded: without spaces and controls; read as Unicode's NFC.",
  epoch: "The room's epoch, as it was when `since` was seen.",
  expires_at: "ISO 8601, with a zone.",
  id: "The room's id.",
  invite_code: "Where registration takes an invite.",
  limit: "How many at most.",
  link_previews:
    "false: none of what it links to. An address in angle brackets (`<https://…>`) has none either.",
  max_users: "How many users may be present at once; 0: any number.",
  members_can_invite: "Whether members, too, may add others to the room and make invitations.",
  metadata: "The sender's own JSON, given back as it was: at most 8 KiB, 32 levels deep.",
  mine: "Only rooms that I am a member of.",
  max_uses: "How many may come in by it; without it, any number.",
  name: "What it is called.",
  new_password: "The password from here on.",
  password: "The password.",
  reason: "Shown to whom it concerns.",
  refresh_token: "As it was answered to the last log-in or refresh.",
  reply_to: "The message that this one answers: of the same room, and not deleted.",
  role: "Without it, a new member is a `member`, and an old one stays what they are.",
  scopes: "What the key may do beyond what its owner may.",
  send_at: "ISO 8601, with a zone; at most 365 days ahead.",
  seq: "The number of a change in its room.",
  since: "The last seq that was seen.",
  thread_id:
    "The message whose thread this one belongs to: of the same room, not deleted, and in no thread itself.",
  topic: "What it is about; null takes it away.",
  type: "Who may find it: everybody, or members.",
  until: "When it ends: ISO 8601, with a zone; without it, never.",
  user: "The user's id.",
  user_id:
    "With `CHAT_TRUST_CLIENT_IDS` only, else without meaning: who the caller is, by id, username or numeric id. With credentials it must be the caller's own.",
  user_ids: "The others' ids; the caller is always one of them.",
  username: "2 to 32 letters, digits or `_ . -`; unique without regard to case.",
}
