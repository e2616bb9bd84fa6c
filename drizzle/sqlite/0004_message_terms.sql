-- The words of messages, already normalised (`search-terms.ts`): what is left to part them at is a
-- space. Keys are those of `searchKey`. What a message says is in its own row and not kept twice.
CREATE VIRTUAL TABLE `message_terms` USING fts5(
  terms, content='', contentless_delete=1, tokenize="ascii"
);
