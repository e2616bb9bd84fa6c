-- The words of messages, already normalised (`search-terms.ts`), by the message's numeric id.
CREATE TABLE "message_terms" (
  "numeric_id" bigint PRIMARY KEY NOT NULL,
  "terms" tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX "message_terms_words" ON "message_terms" USING gin ("terms");
