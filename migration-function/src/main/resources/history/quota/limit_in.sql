-- A limit by its name: what the tenant's settings say, a whole number from 1 to 999999999 or "none" for no limit; else what the
-- functions say. Anything else in the settings counts as not set; status names it.
create or replace function history.limit_in(name text, settings jsonb, limits jsonb) returns integer
language sql immutable parallel safe
return case
    when settings -> name = '"none"' then null
    when settings ->> name ~ '^[1-9]\d{0,8}$' and jsonb_typeof(settings -> name) = 'number' then (settings ->> name)::integer
    else (limits ->> name)::integer end;
