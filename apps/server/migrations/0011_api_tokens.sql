CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`token_hash` text NOT NULL,
	`scopes` text NOT NULL,
	`hosts` text,
	`projects` text,
	`created_at` text NOT NULL,
	`expires_at` text,
	`last_used_at` text,
	`last_used_from` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_name` ON `api_tokens` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash` ON `api_tokens` (`token_hash`);--> statement-breakpoint
CREATE TABLE `operation_requests` (
	`id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`run_id` text,
	`answer` text,
	`is_delivered` integer DEFAULT false NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`run` text NOT NULL,
	`plan` text NOT NULL,
	`is_over` integer NOT NULL,
	`stdout` blob,
	`stderr` blob,
	`is_truncated` integer DEFAULT false NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `runs_over` ON `runs` (`is_over`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text,
	`key` text NOT NULL,
	`approval` text NOT NULL,
	`is_open` integer NOT NULL,
	`asked_at` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_approvals`("id", "session_id", "key", "approval", "is_open", "asked_at") SELECT "id", "session_id", "key", "approval", "is_open", "asked_at" FROM `approvals`;--> statement-breakpoint
DROP TABLE `approvals`;--> statement-breakpoint
ALTER TABLE `__new_approvals` RENAME TO `approvals`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `approvals_session` ON `approvals` (`session_id`,`key`);--> statement-breakpoint
CREATE INDEX `approvals_open` ON `approvals` (`is_open`,`asked_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `approvals_open_key` ON `approvals` (`session_id`,`key`) WHERE is_open = 1;--> statement-breakpoint
CREATE UNIQUE INDEX `approvals_open_alone` ON `approvals` (`key`) WHERE is_open = 1 and session_id is null;