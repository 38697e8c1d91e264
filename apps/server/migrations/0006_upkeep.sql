CREATE TABLE `background_jobs` (
	`job_id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`item_id` text NOT NULL,
	`title` text NOT NULL,
	`exit` text,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `background_jobs_session` ON `background_jobs` (`session_id`);--> statement-breakpoint
CREATE TABLE `session_allowances` (
	`session_id` text PRIMARY KEY NOT NULL,
	`allowance` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
