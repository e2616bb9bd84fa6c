-- The words of messages, already normalised (`search-terms.ts`), by the keys of `searchKey`.
CREATE TABLE "message_terms" (
  "key" bigint PRIMARY KEY NOT NULL,
  "terms" tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX "message_terms_words" ON "message_terms" USING gin ("terms");
