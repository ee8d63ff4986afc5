-- Whether the owner's dump would fail, or leave out rows that the owner may not see. Reads the catalogue only.
select false as blocks, format('%I is under the policies of its own tables: pg_dump as this role fails, and with '
        || '--enable-row-security it silently leaves out every conversation.', r.rolname) as finding,
    'Dump as a role that bypasses them, or lift that for the time of the dump: docs/backups.md says how.' as remedy
from pg_class c join pg_roles r on r.oid = c.relowner
where c.oid = to_regclass('public.messages') and c.relrowsecurity and c.relforcerowsecurity and not r.rolsuper and not r.rolbypassrls
