CREATE TABLE `former_secrets` (
	`id` text PRIMARY KEY NOT NULL,
	`scope` text NOT NULL,
	`owner` text NOT NULL,
	`name` text NOT NULL,
	`project_id` text,
	`file_name` text,
	`sealed` text NOT NULL,
	`set_at` text NOT NULL,
	`replaced_at` text NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `secret_jobs` (
	`job_id` text PRIMARY KEY NOT NULL,
	`host_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`kind` text NOT NULL,
	`secrets` text NOT NULL,
	`started_at` text NOT NULL,
	`is_ended` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `secret_jobs_host` ON `secret_jobs` (`host_id`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_secrets` (
	`scope` text NOT NULL,
	`owner` text NOT NULL,
	`name` text NOT NULL,
	`project_id` text,
	`kinds` text NOT NULL,
	`file_name` text,
	`sealed` text NOT NULL,
	`updated_at` text NOT NULL,
	PRIMARY KEY(`scope`, `owner`, `name`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_secrets`("scope", "owner", "name", "project_id", "kinds", "file_name", "sealed", "updated_at") SELECT 'project', "project_id", "name", "project_id", '["agent","terminal","init"]', NULL, "sealed", "updated_at" FROM `secrets`;--> statement-breakpoint
DROP TABLE `secrets`;--> statement-breakpoint
ALTER TABLE `__new_secrets` RENAME TO `secrets`;--> statement-breakpoint
PRAGMA foreign_keys=ON;