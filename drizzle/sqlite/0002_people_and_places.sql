CREATE TABLE `bans` (
	`room_numeric_id` integer NOT NULL,
	`user_numeric_id` integer NOT NULL,
	`banned_by` integer NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	`until` integer,
	PRIMARY KEY(`room_numeric_id`, `user_numeric_id`),
	FOREIGN KEY (`room_numeric_id`) REFERENCES `rooms`(`numeric_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_numeric_id`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `blocks` (
	`user_numeric_id` integer NOT NULL,
	`blocked_numeric_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_numeric_id`, `blocked_numeric_id`),
	FOREIGN KEY (`user_numeric_id`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`blocked_numeric_id`) REFERENCES `users`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `invites` (
	`code` text PRIMARY KEY NOT NULL,
	`room_numeric_id` integer,
	`created_by` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`uses_max` integer,
	`uses` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`room_numeric_id`) REFERENCES `rooms`(`numeric_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `invites_room` ON `invites` (`room_numeric_id`);--> statement-breakpoint
ALTER TABLE `members` ADD `mute_reason` text;--> statement-breakpoint
ALTER TABLE `rooms` ADD `direct_key` text;--> statement-breakpoint
ALTER TABLE `rooms` ADD `is_blocked` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `archived_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `rooms_direct_key_unique` ON `rooms` (`direct_key`);