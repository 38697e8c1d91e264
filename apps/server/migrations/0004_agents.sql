CREATE TABLE `acp_sessions` (
	`session_id` text PRIMARY KEY NOT NULL,
	`native_id` text,
	`state` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `approval_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`session_id` text,
	`pattern` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `approval_rules_workspace` ON `approval_rules` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`key` text NOT NULL,
	`approval` text NOT NULL,
	`is_open` integer NOT NULL,
	`asked_at` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `approvals_session` ON `approvals` (`session_id`,`key`);--> statement-breakpoint
CREATE INDEX `approvals_open` ON `approvals` (`is_open`,`asked_at`);--> statement-breakpoint
CREATE TABLE `comparisons` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`comparison` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `custom_agents` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`command` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mcp_servers` (
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`server` text NOT NULL,
	PRIMARY KEY(`project_id`, `name`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `push_subscriptions` (
	`endpoint` text PRIMARY KEY NOT NULL,
	`keys` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `queued_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`message` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `queued_messages_session` ON `queued_messages` (`session_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `session_controls` (
	`session_id` text PRIMARY KEY NOT NULL,
	`controls` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `spending` (
	`day` text PRIMARY KEY NOT NULL,
	`tokens` integer NOT NULL,
	`usd` real NOT NULL
);
--> statement-breakpoint
ALTER TABLE `hosts` ADD `agent_limit` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `parent` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `cost_usd` real;--> statement-breakpoint
ALTER TABLE `sessions` ADD `context` text;--> statement-breakpoint
ALTER TABLE `terminals` ADD `agent` text;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `approval_policy` text DEFAULT 'never' NOT NULL;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `fork` text;