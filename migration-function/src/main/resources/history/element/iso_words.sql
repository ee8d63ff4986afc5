-- A time as text, as ISO 8601 with a zone; UTC if it names none. Reads ISO 8601, RFC 2822 and HTTP dates, JavaScript's Date and
-- asctime; null for anything else. Does not check the numbers of days and months.
create or replace function history.iso_words(words text) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    months constant text := 'janfebmaraprmayjunjulaugsepoctnovdec';
    month constant text := '([a-z]{3})[a-z]*\.?,?';
    clock constant text := '(\d\d?:\d\d(?::\d\d)?)';
    zone constant text := '(?:\s*(?:(?:gmt|utc?|z)\s*)?([+-]\d\d:?\d\d)?(?:\s*(?:gmt|utc?|z))?(?:\s*\([^()]*\))?)?';
    -- year, month, day, time, zone
    p text[];
begin
    words := lower(words);
    p := regexp_match(words, '^(\d{4})-(\d\d)-(\d\d)(?:[t\s]\s*(\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s*'
        || '(?:z|utc|gmt)?\s*([+-]\d\d(?::?\d\d)?)?\s*(?:\[[^][]*\])?)?$');
    if p is null then
        p := regexp_match(words, '^(?:[a-z]{3,9},?\s+)?(\d\d?)[\s-]' || month || '[\s-](\d{4})\s+' || clock || zone || '$');
        p := p[3:3] || p[2:2] || p[1:1] || p[4:5];
    end if;
    if p is null then
        p := regexp_match(words, '^(?:[a-z]{3,9},?\s+)?' || month || '\s+(\d\d?),?\s+(\d{4})\s+' || clock || zone || '$');
        p := p[3:3] || p[1:2] || p[4:5];
    end if;
    if p is null then
        p := regexp_match(words, '^(?:[a-z]{3}\s+)?' || month || '\s+(\d\d?)\s+' || clock || '\s+(?:(?:utc|gmt)\s+)?'
            || '([+-]\d{4}\s+)?(\d{4})$');
        p := p[5:5] || p[1:4];
    end if;
    if p is null or p[2] ~ '\D' and position(p[2] in months) % 3 <> 1 then
        return null;
    end if;
    return format('%s-%s-%sT%s%s', p[1],
        case when p[2] ~ '\D' then (position(p[2] in months) + 2) / 3 else p[2]::integer end,
        p[3], replace(coalesce(p[4], '00:00'), ',', '.'), coalesce(btrim(p[5]), 'Z'));
end $$;
