CREATE TABLE "attachments" (
	"upload_id" text NOT NULL,
	"message_numeric_id" bigint NOT NULL,
	CONSTRAINT "attachments_upload_id_message_numeric_id_pk" PRIMARY KEY("upload_id","message_numeric_id")
);
--> statement-breakpoint
CREATE TABLE "mentions" (
	"user_numeric_id" bigint NOT NULL,
	"room_numeric_id" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"author_numeric_id" bigint NOT NULL,
	CONSTRAINT "mentions_user_numeric_id_room_numeric_id_seq_pk" PRIMARY KEY("user_numeric_id","room_numeric_id","seq")
);
--> statement-breakpoint
CREATE TABLE "message_edits" (
	"message_numeric_id" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"content" text NOT NULL,
	"metadata" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "message_edits_message_numeric_id_seq_pk" PRIMARY KEY("message_numeric_id","seq")
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"message_numeric_id" bigint NOT NULL,
	"emoji" text NOT NULL,
	"user_numeric_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "reactions_message_numeric_id_emoji_user_numeric_id_pk" PRIMARY KEY("message_numeric_id","emoji","user_numeric_id")
);
--> statement-breakpoint
CREATE TABLE "scheduled_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"room_numeric_id" bigint NOT NULL,
	"user_numeric_id" bigint NOT NULL,
	"draft" text NOT NULL,
	"send_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"failed_code" text
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"user_numeric_id" bigint NOT NULL,
	"name" text NOT NULL,
	"mime" text NOT NULL,
	"size" bigint NOT NULL,
	"hash" text NOT NULL,
	"width" bigint,
	"height" bigint,
	"thumbnail_hash" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "extras" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "expires_at" bigint;--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "indexed_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "attachments_message" ON "attachments" USING btree ("message_numeric_id");--> statement-breakpoint
CREATE INDEX "scheduled_messages_due" ON "scheduled_messages" USING btree ("send_at") WHERE failed_code is null;--> statement-breakpoint
CREATE INDEX "scheduled_messages_user" ON "scheduled_messages" USING btree ("user_numeric_id","send_at");--> statement-breakpoint
CREATE INDEX "uploads_hash" ON "uploads" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "uploads_thumbnail" ON "uploads" USING btree ("thumbnail_hash");--> statement-breakpoint
CREATE INDEX "uploads_user" ON "uploads" USING btree ("user_numeric_id");--> statement-breakpoint
CREATE INDEX "uploads_created" ON "uploads" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "messages_thread" ON "messages" USING btree ("thread_id","numeric_id") WHERE thread_id is not null;--> statement-breakpoint
CREATE INDEX "messages_pinned" ON "messages" USING btree ("room_numeric_id","pinned_at") WHERE pinned_at is not null;--> statement-breakpoint
CREATE INDEX "messages_expiring" ON "messages" USING btree ("expires_at") WHERE expires_at is not null;