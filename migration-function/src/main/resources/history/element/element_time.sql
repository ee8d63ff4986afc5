-- A plausible point in time of the years 2000 to 2100: ISO text, or seconds, milli- or microseconds of the epoch.
-- Everything else, and every word that PostgreSQL would take for a timestamp ('now', 'infinity'), is null.
create or replace function history.element_time(value jsonb) returns timestamptz
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    words text;
    epoch numeric;
begin
    if value is null or jsonb_typeof(value) not in ('string', 'number') then
        return null;
    end if;
    words := value #>> '{}';
    if jsonb_typeof(value) = 'number' or words ~ '^\d{9,16}(\.\d{1,6})?$' then
        epoch := words::numeric;
        return case
            when epoch >= 946684800 and epoch < 4133980800 then to_timestamp(epoch::double precision)
            when epoch >= 946684800000 and epoch < 4133980800000 then to_timestamp((epoch / 1000)::double precision)
            when epoch >= 946684800000000 and epoch < 4133980800000000
                then to_timestamp((epoch / 1000000)::double precision)
        end;
    elsif words ~ '^(20\d\d|2100)-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$' then
        return case -- UTC where it names no zone
            when length(words) = 10 then words || 'T00:00Z'
            when words ~ ':\d\d(\.\d+)?$' and words !~ '[+-]\d\d:\d\d$' then words || 'Z'
            else words
        end::timestamptz;
    end if;
    return null;
exception when data_exception then
    return null; -- a 31st of February
end $$;
