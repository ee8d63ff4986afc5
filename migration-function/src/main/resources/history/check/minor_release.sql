-- Whether the server is older than the releases of 2026, since which no statement shows rows that policies hide. For status and
-- check, in any phase; it does not block, because migrating does not make it worse. Reads settings only.
select false as blocks, format('PostgreSQL %s shows rows that policies hide to the condition of "on conflict … do update … where", unless '
        || 'its host has mended that.', current_setting('server_version')) as finding,
    format('Take %s.%s or newer; a host that patches on its own (Supabase, RDS) may have the mend under an older number: its release notes '
        || 'say so. The tables of this migration refuse the statement either way, other tables do not.', f.major, f.minor) as remedy
from (values (15, 20), (16, 16), (17, 12), (18, 7)) f(major, minor)
where current_setting('server_version_num')::int between f.major * 10000 and f.major * 10000 + f.minor - 1
