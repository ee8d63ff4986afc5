-- The role of an element: user, assistant or system; or why it has none: role_missing, role_unknown, role_contradictory.
create or replace function history.role_of(element jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    named constant text[] := '{from,sender,author,speaker,type,message_type,event}';
    flags constant text[] := '{isUser,is_user,fromUser,isCreatedByUser,human,isBot,is_bot,fromBot,isAI,is_ai}';
    layer jsonb := element;
    body jsonb := history.body_of(element);
    source text;
    words text[] := '{}';
    role text;
    roles text[] := '{}';
begin
    if element ->> 'role' in ('user', 'assistant', 'system') and not element ?| history.role_keys() then
        return element ->> 'role';
    end if;
    loop
        if layer -> 'role' <> 'null' then
            if jsonb_typeof(layer -> 'role') <> 'string' or history.role_word(layer ->> 'role') is null then
                return 'role_unknown';
            end if;
            words := words || (layer ->> 'role');
        end if;
        if layer ?| named then
            foreach source in array named loop
                words := words || case jsonb_typeof(layer -> source)
                    when 'string' then layer ->> source when 'object' then layer -> source ->> 'role' end;
            end loop;
        end if;
        if layer ?| flags then
            foreach source in array flags loop
                words := words || case when jsonb_typeof(layer -> source) is distinct from 'boolean' then 'unclear'
                    when (layer -> source)::boolean = (source ~* 'user|human') then 'user' else 'assistant' end;
            end loop;
        end if;
        if layer ? 'direction' and jsonb_typeof(layer -> 'payload') = 'object' then -- Botpress: as the bot sees it
            words := words || case layer ->> 'direction' when 'incoming' then 'user' when 'outgoing' then 'assistant' end;
        end if;
        exit when layer is not distinct from body;
        layer := body;
    end loop;
    if element ->> 'type' = 'constructor' and jsonb_typeof(element -> 'id') = 'array' then
        words := words || (element -> 'id' ->> -1); -- the class that LangChain constructs
    end if;
    foreach source in array words loop
        role := history.role_word(source);
        if role is not null and role <> all (roles) then
            roles := roles || role;
        end if;
    end loop;
    return case
        when cardinality(roles) = 1 then roles[1]
        when cardinality(roles) > 1 then 'role_contradictory'
        when array_remove(array_remove(array_remove(words, null), 'text'), 'message') = '{}' then 'role_missing'
        else 'role_unknown'
    end;
end $$;
