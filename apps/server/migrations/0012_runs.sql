CREATE TABLE `operation_listeners` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`host_id` text NOT NULL,
	`job_id` text NOT NULL,
	`out_offset` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `runs` ADD `job_id` text;--> statement-breakpoint
CREATE INDEX `runs_job` ON `runs` (`job_id`);