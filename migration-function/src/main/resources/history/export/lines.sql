-- The lines of an export, in order: each conversation of a user with its messages, also those that were replaced, and its quarantine.
-- Parameters: the user; a tenant, or null, twice.
select l.kind, (l.line || jsonb_build_object('type', l.kind))::text
from public.conversations c
cross join lateral (
    select 'conversation' as kind, 0::bigint as place, to_jsonb(c) - 'messages' as line
    union all
    select 'message', m.seq, to_jsonb(m) from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
    union all
    select 'quarantined', q."position", case when q.original is null then to_jsonb(q) - 'original' else to_jsonb(q) end
    from history.quarantine q where q.tenant_id = c.tenant_id and q.conversation_id = c.id
) l
where c.user_id = ? and (?::uuid is null or c.tenant_id = ?)
order by c.tenant_id, c.id, l.kind, l.place
