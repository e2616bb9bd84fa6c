-- The words of messages, already normalised (`search-terms.ts`), by the message's numeric id. What
-- a message says is in its own row and not kept twice.
CREATE VIRTUAL TABLE `message_terms` USING fts5(
  terms, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
);
