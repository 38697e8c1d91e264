ALTER TABLE `hosts` ADD `is_recorded` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `hosts` ADD `deleted_at` text;--> statement-breakpoint
ALTER TABLE `hosts` ADD `learned` text;