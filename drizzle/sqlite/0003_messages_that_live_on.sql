CREATE TABLE `attachments` (
	`upload_id` text NOT NULL,
	`message_numeric_id` integer NOT NULL,
	PRIMARY KEY(`upload_id`, `message_numeric_id`)
);
--> statement-breakpoint
CREATE INDEX `attachments_message` ON `attachments` (`message_numeric_id`);--> statement-breakpoint
CREATE TABLE `mentions` (
	`user_numeric_id` integer NOT NULL,
	`room_numeric_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`author_numeric_id` integer NOT NULL,
	PRIMARY KEY(`user_numeric_id`, `room_numeric_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `message_edits` (
	`message_numeric_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`content` text NOT NULL,
	`metadata` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`message_numeric_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `reactions` (
	`message_numeric_id` integer NOT NULL,
	`emoji` text NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`message_numeric_id`, `emoji`, `user_numeric_id`)
);
--> statement-breakpoint
CREATE TABLE `scheduled_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`room_numeric_id` integer NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`draft` text NOT NULL,
	`send_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`failed_code` text
);
--> statement-breakpoint
CREATE INDEX `scheduled_messages_due` ON `scheduled_messages` (`send_at`) WHERE failed_code is null;--> statement-breakpoint
CREATE INDEX `scheduled_messages_user` ON `scheduled_messages` (`user_numeric_id`,`send_at`);--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`name` text NOT NULL,
	`mime` text NOT NULL,
	`size` integer NOT NULL,
	`hash` text NOT NULL,
	`width` integer,
	`height` integer,
	`thumbnail_hash` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `uploads_hash` ON `uploads` (`hash`);--> statement-breakpoint
CREATE INDEX `uploads_thumbnail` ON `uploads` (`thumbnail_hash`);--> statement-breakpoint
CREATE INDEX `uploads_user` ON `uploads` (`user_numeric_id`);--> statement-breakpoint
CREATE INDEX `uploads_created` ON `uploads` (`created_at`);--> statement-breakpoint
ALTER TABLE `messages` ADD `extras` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `expires_at` integer;--> statement-breakpoint
CREATE INDEX `messages_thread` ON `messages` (`thread_id`,`numeric_id`) WHERE thread_id is not null;--> statement-breakpoint
CREATE INDEX `messages_pinned` ON `messages` (`room_numeric_id`,`pinned_at`) WHERE pinned_at is not null;--> statement-breakpoint
CREATE INDEX `messages_expiring` ON `messages` (`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
ALTER TABLE `rooms` ADD `indexed_seq` integer DEFAULT 0 NOT NULL;