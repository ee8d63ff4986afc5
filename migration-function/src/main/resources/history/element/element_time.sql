-- A plausible time in the years 2000 to 2100: words, seconds to nanoseconds of the epoch, or an object of MongoDB,
-- Firestore or Parse. Everything else, and every word that PostgreSQL would take for a time ('now', 'infinity'), is null.
create or replace function history.element_time(value jsonb) returns timestamptz
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    words text;
    epoch numeric;
    found timestamptz;
begin
    if jsonb_typeof(value) = 'object' then
        return case
            when value ?| array['seconds', '_seconds'] then
                history.element_time(to_jsonb((coalesce(value ->> 'seconds', value ->> '_seconds')::numeric
                    + coalesce(value ->> 'nanoseconds', value ->> '_nanoseconds', value ->> 'nanos', '0')::numeric / 1000000000)))
            else history.element_time(coalesce(value -> '$date', value -> '$numberLong', value -> 'iso'))
        end;
    end if;
    words := btrim(value #>> '{}', E' \t\r\n');
    if jsonb_typeof(value) = 'number' or words ~ '^\d{9,19}(\.\d{1,9})?$' then
        epoch := words::numeric;
        found := (
            select to_timestamp((epoch / u.per_second)::double precision) from unnest('{1,1000,1000000,1000000000}'::numeric[]) u(per_second)
            where epoch >= 946684800 * u.per_second and epoch < 4133980800 * u.per_second);
    elsif jsonb_typeof(value) = 'string' and length(words) between 8 and 80 then
        found := history.iso_words(words)::timestamptz;
    end if;
    return case when found >= '2000-01-01T00:00Z' and found < '2101-01-01T00:00Z' then found end;
exception when data_exception then
    return null; -- a 31st of February
end $$;
