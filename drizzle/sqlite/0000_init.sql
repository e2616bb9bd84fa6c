CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`user_numeric_id`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_user` ON `api_keys` (`user_numeric_id`);--> statement-breakpoint
CREATE TABLE `members` (
	`room_numeric_id` integer NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`role` text NOT NULL,
	`last_read_seq` integer DEFAULT 0 NOT NULL,
	`joined_at` integer NOT NULL,
	`left_at` integer,
	`muted_until` integer,
	`changed_seq` integer NOT NULL,
	PRIMARY KEY(`room_numeric_id`, `user_numeric_id`),
	FOREIGN KEY (`room_numeric_id`) REFERENCES `rooms`(`numeric_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_numeric_id`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `members_user` ON `members` (`user_numeric_id`,`left_at`);--> statement-breakpoint
CREATE INDEX `members_changed` ON `members` (`room_numeric_id`,`changed_seq`);--> statement-breakpoint
CREATE TABLE `messages` (
	`numeric_id` integer PRIMARY KEY NOT NULL,
	`room_numeric_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`changed_seq` integer NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`type` text NOT NULL,
	`content` text NOT NULL,
	`client_id` text,
	`reply_to` text,
	`thread_id` text,
	`thread_count` integer DEFAULT 0 NOT NULL,
	`pinned_at` integer,
	`metadata` text,
	`created_at` integer NOT NULL,
	`edited_at` integer,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE INDEX `messages_changed` ON `messages` (`room_numeric_id`,`changed_seq`) WHERE changed_seq <> seq;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_client_id` ON `messages` (`room_numeric_id`,`user_numeric_id`,`client_id`) WHERE client_id is not null;--> statement-breakpoint
CREATE TABLE `refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `refresh_tokens_session` ON `refresh_tokens` (`session_id`);--> statement-breakpoint
CREATE TABLE `rooms` (
	`numeric_id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`topic` text,
	`max_users` integer DEFAULT 0 NOT NULL,
	`members_can_invite` integer DEFAULT false NOT NULL,
	`member_count` integer DEFAULT 0 NOT NULL,
	`created_by` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`epoch` text NOT NULL,
	`head` integer DEFAULT 0 NOT NULL,
	`changed_seq` integer DEFAULT 0 NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`created_by`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rooms_id_unique` ON `rooms` (`id`);--> statement-breakpoint
CREATE INDEX `rooms_type` ON `rooms` (`type`,`numeric_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`user_agent` text,
	`address` text,
	FOREIGN KEY (`user_numeric_id`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_numeric_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`numeric_id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`username` text NOT NULL,
	`username_key` text NOT NULL,
	`display_name` text,
	`avatar_url` text,
	`email` text,
	`email_key` text,
	`password_hash` text,
	`role` text DEFAULT 'user' NOT NULL,
	`origin` text NOT NULL,
	`issuer` text,
	`subject` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_seen_at` integer,
	`disabled_at` integer,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_id_unique` ON `users` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_username_key_unique` ON `users` (`username_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key_unique` ON `users` (`email_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_identity` ON `users` (`issuer`,`subject`);