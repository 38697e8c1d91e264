CREATE TABLE `deleted_workspaces` (
	`id` text PRIMARY KEY NOT NULL,
	`host_id` text NOT NULL,
	`directory` text,
	`deleted_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deleted_workspaces_host` ON `deleted_workspaces` (`host_id`);--> statement-breakpoint
CREATE TABLE `host_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`host_id` text NOT NULL,
	`task` text NOT NULL,
	`created_at` text NOT NULL
);
