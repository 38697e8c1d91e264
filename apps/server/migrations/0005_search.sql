CREATE TABLE `search_progress` (
	`session_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `search_rows` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text,
	`item_id` text,
	`terminal_id` text,
	`end_offset` integer,
	`at` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`terminal_id`) REFERENCES `terminals`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_rows_item` ON `search_rows` (`session_id`,`item_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `search_rows_terminal` ON `search_rows` (`terminal_id`,`end_offset`);
--> statement-breakpoint
CREATE VIRTUAL TABLE `search_text` USING fts5(`text`, tokenize = 'unicode61 remove_diacritics 2');--> statement-breakpoint
CREATE TRIGGER `search_rows_removed` AFTER DELETE ON `search_rows` BEGIN DELETE FROM `search_text` WHERE rowid = old.id; END;
