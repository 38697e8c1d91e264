CREATE TABLE `hosts` (
	`id` text PRIMARY KEY NOT NULL,
	`method` text,
	`session_limit` integer
);
