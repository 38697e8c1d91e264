CREATE TABLE `checkpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` text NOT NULL,
	`moment` text,
	`reason` text,
	`ended` text,
	`intent` text,
	`memory` text,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `checkpoints_session` ON `checkpoints` (`session_id`,`at`);--> statement-breakpoint
CREATE TABLE `dry_runs` (
	`session_id` text PRIMARY KEY NOT NULL,
	`is_on` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `proposals` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`turn_id` text NOT NULL,
	`number` integer NOT NULL,
	`call_key` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`action` text NOT NULL,
	`job_id` text,
	`item_id` text,
	`at` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proposals_call` ON `proposals` (`session_id`,`call_key`);