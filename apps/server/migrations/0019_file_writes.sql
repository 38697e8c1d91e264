CREATE TABLE `file_writes` (
	`id` text PRIMARY KEY NOT NULL,
	`approval_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`host_id` text NOT NULL,
	`digest` text NOT NULL,
	`plan` text NOT NULL,
	`state` text NOT NULL,
	`error` text,
	`content` blob,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `file_writes_state` ON `file_writes` (`state`);--> statement-breakpoint
CREATE UNIQUE INDEX `file_writes_approval` ON `file_writes` (`approval_id`);