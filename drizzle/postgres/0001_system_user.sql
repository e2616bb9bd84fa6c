-- The author of what the server itself says. Its name is taken, and it has no password.
INSERT INTO "users" ("numeric_id", "id", "username", "username_key", "origin", "created_at", "updated_at")
VALUES (0, '00000000-0000-0000-0000-000000000000', 'system', 'system', 'system', 0, 0);
--> statement-breakpoint
-- How often the command line has written beside the servers.
INSERT INTO "settings" ("name", "value") VALUES ('outside_writes', '0');
--> statement-breakpoint
-- Whoever claims to be number 42 gets it, and the next user is 43 or later, as in SQLite.
CREATE FUNCTION "follow_claimed_number"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.numeric_id > (SELECT last_value FROM "users_numeric_id_seq") THEN
    PERFORM setval('users_numeric_id_seq', NEW.numeric_id);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "users_claimed_number" AFTER INSERT ON "users"
FOR EACH ROW WHEN (NEW.origin = 'claimed') EXECUTE FUNCTION "follow_claimed_number"();
