-- The author of what the server itself says. Its name is taken, and it has no password.
INSERT INTO `users` (`numeric_id`, `id`, `username`, `username_key`, `origin`, `created_at`, `updated_at`)
VALUES (0, '00000000-0000-0000-0000-000000000000', 'system', 'system', 'system', 0, 0);
