ALTER TABLE `sessions` ADD `sandbox` text;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `sandbox` text DEFAULT 'none' NOT NULL;