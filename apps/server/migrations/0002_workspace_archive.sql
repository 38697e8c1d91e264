ALTER TABLE `workspaces` ADD `is_waiting_for_host` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `archive` text;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `disk_bytes` integer;