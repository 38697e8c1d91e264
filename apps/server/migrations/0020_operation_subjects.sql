ALTER TABLE `operation_listeners` ADD `scripts` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `operation_requests` ADD `subject` text;