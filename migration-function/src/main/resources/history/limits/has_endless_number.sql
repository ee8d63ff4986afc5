-- Whether a number is longer than a thousand digits, before or after the point, when it is printed; found without printing it:
-- `1e131071` is eight bytes to send and 131,072 digits to read, and zeros after the point are not stored at all.
create or replace function history.has_endless_number(value jsonb) returns boolean
language sql immutable
return exists (
    select from jsonb_path_query(value, 'strict $.** ? (@.type() == "number")') n
    where abs(n::numeric) >= 1e1000 or scale(n::numeric) > 1000);
