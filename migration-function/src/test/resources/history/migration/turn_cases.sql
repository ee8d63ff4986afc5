-- What a turn does, case by case: the specification of claim_turn, flush_turn, finish_turn, running_turn and stop_turn.
--
-- Each statement stands before what it gives. Behind a bar stands what the arrays edition gives where that differs, before the
-- migration; "refused" is PT503: run migrate; "limited" is PT429. Everything is done as Ada, through the functions that the API calls; a new chat begins with
-- every heading. TurnCasesTest runs this file on both editions and both servers.

create schema cases;
grant usage on schema cases to authenticated;

-- A name in the cases as a UUID of the chat.
create function cases.id(name text) returns uuid language sql stable as
$$ select md5(current_setting('cases.chat') || name)::uuid $$;

-- What a client calls a message: its own name for one of the user's, an answer's id for a1, a2 …
create function cases.named(name text) returns text language sql stable as
$$ select case when name ~ '^a' then cases.id(name)::text else name end $$;

-- What no model does here, and an answer may have brought from elsewhere: a call of a tool that waits for its result.
create function cases.tool(state text) returns jsonb language sql stable as $$
    select jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'Let me see'), jsonb_build_object(
        'type', 'tool-time', 'toolCallId', case when state ~ ' ' then 'c2' else 'c1' end, 'state', split_part(state, ' ', 1)))
$$;

-- The list before the new message, as a client sends it: 'm1=Hi, a1', or 'm1=Hi, a1=output-available' with the state of the answer's call,
-- and 'a1=output-available 2' with that of its second one.
create function cases.list(list text) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', cases.named(split_part(e, '=', 1)), 'content', split_part(e, '=', 2),
        'role', case when e ~ '^a' then 'assistant' else 'user' end, 'parts', case when e ~ '^a.*=' then cases.tool(split_part(e, '=', 2))::text end)), '[]')
    from regexp_split_to_table(list, ', ') e where e <> ''
$$;
create function cases.calls_a_tool(attempt text, said text default 'Let me see') returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    update public.messages set parts = jsonb_set(cases.tool('input-available'), '{0,text}', to_jsonb(said)) where id = cases.id(attempt);
    return found;
end $$;

create function cases.calls_two_tools(attempt text) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    update public.messages set parts = cases.tool('input-available') || (cases.tool('input-available 2') -> 1) where id = cases.id(attempt);
    return found;
end $$;

-- An answer that an earlier version went on with does not say where it began.
create function cases.has_no_attempt(attempt text) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    update public.messages set metadata = metadata - 'attempt' where id = cases.id(attempt);
    return found;
end $$;

-- A client of the data API changes an answer.
create function cases.edit(attempt text, content text) returns boolean language plpgsql as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    update public.messages set content = edit.content where id = cases.id(attempt);
    return found;
end $$;

-- A service gives an answer a time to come.
create function cases.is_of_tomorrow(attempt text) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    update public.messages set created_at = now() + interval '1 day' where id = cases.id(attempt);
    return found;
end $$;

-- The first question is none any more: what the answer follows is what an owner wrote, or nothing.
create function cases.is_no_question(question uuid) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    update public.messages set role = 'system' where id = question;
    update public.messages set reply_to = null where reply_to = question;
    return found;
end $$;

-- The client sends the answer with the result.
create function cases.result(
    state text, answer text default 'a1', attempt text default 'a2', key text default null, body text default 'r',
    lease interval default '1 minute') returns text
language sql as $$
    select concat_ws(': ', r.decision, r.metadata #>> '{ui_parts,1,state}')
    from (
        select c.decision, (c.answer).metadata
        from history.claim_turn(
            conversation => null, chat_id => current_setting('cases.chat'), new_conversation => gen_random_uuid(), message_id => null,
            new_message => gen_random_uuid(), content => null, metadata => null, anew => false, attempt => cases.id(attempt),
            lease => lease, key => current_setting('cases.chat') || key,
            key_hash => case when key is not null then body end, most => 100, characters => 1000, ui_parts => cases.tool(state)::text, target => cases.named(answer)) c) r
$$;

-- The texts of an answer's parts.
create function cases.said(answer text) returns text
language plpgsql security definer set search_path = history_maintenance, pg_temp as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    return (
        select string_agg(p.part ->> 'text', ' / ' order by p.place)
        from public.messages m cross join jsonb_array_elements(m.parts) with ordinality p(part, place) where m.id = cases.id(answer));
end $$;

-- The state of an answer's call.
create function cases.state(answer text, call integer default 1) returns text
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    if to_regclass('public.messages') is null then
        return null;
    end if;
    return (select m.parts -> call ->> 'state' from public.messages m where m.id = cases.id(answer));
end $$;

create function cases.texts(parts jsonb) returns text language sql immutable as
$$ select string_agg(t.text #>> '{}', ' / ') from jsonb_path_query(parts, '$[*].text') t(text) $$;

-- The texts of the parts of an answer where it is read: with its conversation, alone and by the model, which is asked the next question.
create function cases.texts_shown() returns text language sql stable as $$
    select cases.texts((r.message).metadata -> 'ui_parts')
    from history.get_conversation(null, current_setting('cases.chat'), 1000000, 1, 1000000) r
$$;
create function cases.texts_alone(answer text) returns text language sql stable as $$
    select cases.texts((g.message).content::jsonb) || ', ' || (g.message).status
    from history.get_message(null, current_setting('cases.chat'), cases.named(answer), 0, 1000, 'parts') g
$$;
create function cases.texts_seen(attempt text) returns text language sql as $$
    select cases.texts(c.seen #> '{-1,2}')
    from history.claim_turn(
        conversation => null, chat_id => current_setting('cases.chat'), new_conversation => gen_random_uuid(), message_id => null,
        new_message => gen_random_uuid(), content => 'Well?', metadata => null, anew => false, attempt => cases.id(attempt),
        lease => '1 minute', key => null, key_hash => null, most => 100, characters => 1000) c
$$;

-- A stored call of a tool with what a client says of it.
create function cases.merged(stored jsonb, sent jsonb) returns jsonb
language sql security definer set search_path = history_maintenance, pg_temp as $$
    select (history.with_results(jsonb_build_array(1, c.call || stored), jsonb_build_array(c.call || sent, c.call)) -> 1) - '{type,toolCallId}'::text[]
    from (select '{"type": "tool-time", "toolCallId": "c1"}'::jsonb as call) c
$$;

-- Why a stored call does not take what a client says of it.
create function cases.refused(stored jsonb, sent jsonb) returns text
language sql security definer set search_path = history_maintenance, pg_temp as $$
    select history.refused_result(jsonb_build_array(1, '{"state": "input-available"}'::jsonb, c.call || stored), jsonb_build_array(c.call || sent, c.call))
    from (select '{"type": "tool-time", "toolCallId": "c1"}'::jsonb as call) c
$$;

-- The same where no other call waits, or the answer has no call at all.
create function cases.refused_alone(stored jsonb, sent jsonb) returns text
language sql security definer set search_path = history_maintenance, pg_temp as $$
    select history.refused_result(case when stored is not null then jsonb_build_array(c.call || stored) end, jsonb_build_array(1, c.call || sent))
    from (select '{"type": "tool-time", "toolCallId": "c1"}'::jsonb as call) c
$$;

-- The id of an answer that was deleted.
create function cases.deleted() returns text language sql as $$ select 'a8' from history.keep_deletion(cases.id('a8')) $$;

create function cases.delete(answer text) returns text language sql as
$$ select history.delete_message(null, current_setting('cases.chat'), cases.named(answer), null) $$;

-- The parts of the first message.
create function cases.parts() returns text language sql stable as $$
    select (r.message).metadata ->> 'ui_parts'
    from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000) r order by (r.message).seq limit 1
$$;

-- The client's own metadata of the first message.
create function cases.metadata() returns jsonb language sql stable as $$
    select (r.message).metadata - array['client_id', 'status', 'requests', 'failure', 'legacy', 'attempt', 'ui_parts']
    from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000) r order by (r.message).seq limit 1
$$;

create function cases.title() returns text language sql stable as
$$ select (r.conversation).title from history.get_conversation(null, current_setting('cases.chat'), 1000000, 1, 1000000) r limit 1 $$;

-- The newest message, by the time of the conversation's last one.
create function cases.newest() returns text language sql stable as $$
    with r as materialized (
        select * from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000))
    select (m.message).content from r m join r c on (c.conversation).last_message_at = (m.message).created_at
$$;

create function cases.claim(content text, message text default null, attempt text default 'a1', anew boolean default false,
    lease interval default '1 minute', key text default null, body text default null, list text default '', target text default null,
    parts jsonb default null, limits jsonb default null, metadata jsonb default null)
returns text language sql as $$
    select concat_ws(', sees ', decision, case when decision = 'granted' then (
        select string_agg(s ->> 1, ' ') from jsonb_array_elements(seen) s) end)
    from history.claim_turn(
        conversation => null, chat_id => current_setting('cases.chat'), new_conversation => gen_random_uuid(),
        message_id => message, new_message => cases.id('new ' || attempt || content), content => content, metadata => metadata, anew => anew,
        ui_parts => parts::text, target => cases.named(target), earlier => cases.list(list), attempt => cases.id(attempt), lease => lease, key => current_setting('cases.chat') || key, key_hash => coalesce(body, content),
        most => 100, characters => 1000, limits => limits)
$$;

create function cases.conversation() returns uuid language sql stable as
$$ select (r.conversation).id from history.get_conversation(null, current_setting('cases.chat'), 1000000, 1, 1000000) r limit 1 $$;

create function cases.flush(content text, attempt text default 'a1') returns boolean language sql as
$$ select history.flush_turn(cases.conversation(), cases.id(attempt), content) $$;

-- question: the last one, as its row is called.
create function cases.question() returns uuid language sql stable as $$
    select coalesce(history.to_uuid((r.message).metadata #>> '{legacy,id}'), (r.message).id)
    from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000) r
    where (r.message).role = 'user' order by (r.message).seq desc limit 1
$$;

create function cases.asked(text text) returns uuid language sql stable as $$
    select coalesce(history.to_uuid((r.message).metadata #>> '{legacy,id}'), (r.message).id)
    from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000) r where (r.message).content = text
$$;

create function cases.finish(status text, content text, attempt text default 'a1', question uuid default cases.question()) returns text
language sql as $$
    select outcome from history.finish_turn(
        cases.conversation(), question, cases.id(attempt), status, content,
        jsonb_strip_nulls(jsonb_build_object('model', 'echo', 'finish_reason', case when status = 'completed' then 'stop' end)))
$$;

-- Why an answer ended.
create function cases.reason(answer text default 'a1') returns text language sql stable as $$
    select (g.message).metadata ->> 'finish_reason'
    from history.get_message(null, current_setting('cases.chat'), cases.named(answer), 0, 1000, 'content') g
$$;

create function cases.running() returns text language sql stable as
$$ select (answer).content from history.running_turn(null, current_setting('cases.chat'), null) $$;

create function cases.stop() returns text language sql as
$$ select ltrim(content || ' (' || status || ')') from history.stop_turn(null, current_setting('cases.chat')) $$;

-- What the conversation shows.
create function cases.shown() returns text language sql stable as $$
    select string_agg(concat_ws(' ', (r.message).content, '(' || nullif((r.message).status, 'completed') || ')'), ', ' order by (r.message).seq)
    from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000) r
$$;

-- # A message and its answer
select cases.claim('Hi', 'm1');                                   -- granted
select cases.shown();                                             -- Hi,  (running) | Hi
select cases.flush('Hel');                                        -- true
select cases.running();                                           -- Hel | refused
select cases.finish('completed', 'Hello');                        -- stored
select cases.shown();                                             -- Hi, Hello
select cases.running();                                           -- nothing | refused
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello

-- # The same call again, since what it was told got lost: of a message without any name
select cases.claim('Hi');                                         -- granted
select cases.claim('Hi');                                         -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('Hi', attempt => 'a2');                        -- granted
select cases.claim('Hi', attempt => 'a2');                        -- granted
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select cases.shown();                                             -- Hi, Hello

-- # The same message again, while it is being answered
select cases.claim('Hi', 'm1');                                   -- granted
select cases.claim('Hi', 'm1', 'a2');                             -- busy
select cases.claim('Hi', 'm1');                                   -- granted

-- # The same message again, when it is answered
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm1', 'a2');                             -- answered
select cases.finish('completed', 'Hello');                        -- stored
select cases.shown();                                             -- Hi, Hello

-- # An answer that failed is taken up again
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('failed', '');                                -- stored
select cases.shown();                                             -- Hi,  (failed) | Hi
select cases.claim('Hi', 'm1', 'a2');                             -- granted
select cases.finish('incomplete', 'Hel', 'a2');                   -- stored
select cases.shown();                                             -- Hi, Hel (incomplete) | Hi
select cases.claim('Hi', 'm1', 'a3');                             -- granted
select cases.finish('completed', 'Hello', 'a3');                  -- stored
select cases.shown();                                             -- Hi, Hello

-- # A function that died: its time is over, and another one answers; what it had said is kept
select cases.claim('Hi', 'm1', lease => '-1 second');             -- granted
select cases.flush('He');                                         -- true
select cases.shown();                                             -- Hi, He (incomplete) | Hi
select cases.running();                                           -- nothing | refused
select cases.claim('Hi', 'm1', 'a2');                             -- granted
select cases.flush('Hell');                                       -- false | true
select cases.shown();                                             -- Hi,  (running) | Hi
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select cases.shown();                                             -- Hi, Hello

-- # The dead one comes back late: its answer is kept, and not shown
select cases.claim('Hi', 'm1', lease => '-1 second');             -- granted
select cases.claim('Hi', 'm1', 'a2');                             -- granted
select cases.finish('completed', 'Late', 'a1');                   -- replaced
select cases.shown();                                             -- Hi,  (running) | Hi
select cases.finish('failed', '', 'a1');                          -- replaced
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select cases.shown();                                             -- Hi, Hello

-- # A retry that is not the last message keeps its place
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Hi', 'm1', 'a3');                             -- granted | refused
select cases.shown();                                             -- Hi,  (running), And?, Yes | Hi, And?, Yes

-- # Regenerated: the complete answer is shown until the next one is complete
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm1', 'a2', anew => true);               -- granted | refused
select cases.flush('Good', 'a2');                                 -- true
select cases.shown();                                             -- Hi, Hello
select cases.running();                                           -- Good | refused
select cases.claim('Hi', 'm1', 'a3', anew => true);               -- busy | refused
select cases.finish('failed', 'Goo', 'a2');                       -- stored
select cases.shown();                                             -- Hi, Hello | Hi, Hello
select cases.claim(null, null, 'a3', anew => true);               -- granted | refused
select cases.finish('completed', 'Good day', 'a3');               -- stored | stored
select cases.shown();                                             -- Hi, Good day | Hi, Good day, Hello

-- # Regenerated beside an answer to which a service has given a time to come
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.is_of_tomorrow('a1');                                -- true | nothing
select cases.claim('Hi', 'm1', 'a2', anew => true);               -- granted | refused
select cases.finish('completed', 'Good day', 'a2');               -- stored
select cases.shown();                                             -- Hi, Good day | Hi, Good day, Hello

-- # Regenerated, not the last one: what followed goes when the new answer is complete
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Hi', 'm1', 'a3', anew => true);               -- granted | refused
select cases.shown();                                             -- Hi, Hello, And?, Yes
select cases.claim('And?', 'm2', 'a4');                           -- answered

-- # Edited: the question keeps its place, its old text and answer are no longer shown
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Ho', 'm1', 'a2');                             -- granted | refused
select cases.shown();                                             -- Ho,  (running) | Hi, Hello
select cases.finish('completed', 'Ho ho', 'a2');                  -- stored | stored
select cases.shown();                                             -- Ho, Ho ho | Hi, Ho ho, Hello
select cases.claim('Ho', 'm1', 'a3');                             -- answered | refused

-- # Edited, not the last one: what followed is no longer part of the conversation
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Ho', 'm1', 'a3');                             -- granted | refused
select cases.shown();                                             -- Ho,  (running) | Hi, Hello, And?, Yes
select cases.claim('And?', 'm2', 'a4');                           -- replaced | answered

-- # Edited or made anew while a later question is being answered: busy, until its time is over
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.claim('Ho', 'm1', 'a3');                             -- busy | refused
select cases.claim('Ho', 'm9', 'a3', target => 'm1');             -- busy | refused
select cases.claim('Hi', 'm1', 'a3', true);                       -- busy | refused
select cases.claim(null, null, 'a3', true, target => 'a1');       -- busy | refused
select cases.claim('Hi', 'm1', 'a3');                             -- answered
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('And?', 'm2', 'a3', true);                     -- granted, sees Hi Hello | refused
select cases.claim('Ho', 'm1', 'a4');                             -- busy | refused
select cases.finish('failed', '', 'a3');                          -- stored
select cases.claim('So?', 'm3', 'a5', lease => '-1 second');      -- granted, sees Hi Hello And? Yes
select cases.claim('Ho', 'm1', 'a4');                             -- granted | refused

-- # While an answer is made anew: what it will replace is not begun, what follows it is
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('failed', '', 'a2');                          -- stored
select cases.claim('Hi', 'm1', 'a3', true);                       -- granted | refused
select cases.claim('And?', 'm2', 'a4');                           -- busy | granted, sees Hi Hello
select cases.claim('Or?', 'm2', 'a5');                            -- busy | refused
select cases.claim('So?', 'm3', 'a6');                            -- granted, sees Hi Hello And?
select cases.claim('Why?', 'm3', 'a7');                           -- busy | refused
select cases.finish('failed', '', 'a6');                          -- stored
select cases.claim('Why?', 'm3', 'a7');                           -- granted, sees Hi Hello And? | refused
select cases.finish('completed', 'Good day', 'a3', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Good day, Why?,  (running) | Hi, Good day, Hello, And?, So?

-- # While an answer is made anew, a list that ends with the last stored message is continued
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm1', 'a2', true);                       -- granted | refused
select cases.claim('And?', 'm2', 'a3', list => 'm1=Hi, a1');      -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a3');                    -- stored
select cases.finish('completed', 'Good day', 'a2', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Good day, And?, Yes | Hi, Good day, Hello, And?, Yes
select cases.claim('Hi', 'm1', 'a4', true);                       -- granted | refused
select cases.claim('So?', 'm3', 'a5', list => 'm1=Hi, a2, m2=And?, a3'); -- granted, sees Hi Good day And? Yes | granted, sees Hi Good day Hello And? Yes
select cases.finish('completed', 'So', 'a5');                     -- stored
select cases.claim('And?', 'm2', 'a6', true);                     -- busy | refused
select cases.finish('failed', '', 'a4', cases.asked('Hi'));       -- stored
select cases.claim('And?', 'm2', 'a6', true);                     -- granted, sees Hi Good day | refused
select cases.claim('Or?', 'm4', 'a7', list => 'm1=Hi, a2');       -- busy | refused
select cases.claim('Or?', 'm4', 'a7', list => 'm1=Hi, a2, m2=And?, a3, m3=So?, a5'); -- granted, sees Hi Good day And? Yes So? So | granted, sees Hi Good day Hello And? Yes So? So
select cases.finish('completed', 'No', 'a6', cases.asked('And?')); -- stored
select cases.shown();                                             -- Hi, Good day, And?, No, Or?,  (running) | Hi, Good day, Hello, And?, No, Yes, So?, So, Or?
select cases.finish('completed', 'Or', 'a7');                     -- stored
select cases.claim('Or?', 'm4', 'a8', true);                      -- granted, sees Hi Good day And? No | refused
select cases.claim('Well?', 'm5', 'a9', list => 'm1=Hi, a2, m2=And?, a6, m4=Or?, a7'); -- granted, sees Hi Good day And? No Or? Or | granted, sees Hi Good day Hello And? No Yes So? So Or? Or

-- # An answer that failed is made anew, not the last one: what followed goes when the new answer is complete
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Hi', 'm1', 'a3', true);                       -- granted | refused
select cases.shown();                                             -- Hi,  (failed), And?, Yes | Hi, And?, Yes
select cases.finish('completed', 'Hello', 'a3', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Hello | Hi, Hello, And?, Yes

-- # Edited while the answer is being made: busy, then not
select cases.claim('Hi', 'm1');                                   -- granted
select cases.claim('Ho', 'm1', 'a2');                             -- busy | refused
select cases.finish('failed', '');                                -- stored
select cases.claim('Ho', 'm1', 'a2');                             -- granted | refused

-- # A key belongs to one request, whatever became of it
select cases.claim('Hi', key => 'k1');                            -- granted
select cases.claim('Ho', key => 'k1', attempt => 'a2');           -- other request
select cases.claim('Hi', key => 'k1', attempt => 'a2');           -- busy
select cases.finish('failed', '');                                -- stored
select cases.claim('Hi', key => 'k1', attempt => 'a2');           -- granted
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select cases.claim('Hi', key => 'k1', attempt => 'a3');           -- answered
select cases.claim('Hi', key => 'k2', attempt => 'a4');           -- granted, sees Hi Hello

-- # A key that first comes with a message that was answered before under another key, or without one
select cases.claim('Hi', 'm1', key => 'k1');                      -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm1', 'a2', key => 'k2');                -- answered
select cases.claim('Hi', 'm1', 'a3', key => 'k2');                -- answered
select cases.shown();                                             -- Hi, Hello
select cases.claim('Ho', 'm2', 'a2', key => 'k2');                -- other request | granted, sees Hi Hello
select cases.claim('Ho', 'm2', 'a2');                             -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Ho', 'm2', 'a3', key => 'k3');                -- answered
select cases.claim('And?', 'm1', 'a4');                           -- granted | refused
select cases.finish('completed', 'So', 'a4');                     -- stored
select cases.claim('Hi', 'm1', 'a5', key => 'k2');                -- answered | other request
select cases.claim('Ho', 'm2', 'a5', key => 'k3');                -- deleted | answered

-- # The key of what an edit of an earlier message took out is gone, whatever comes with it
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('When?', 'm2', 'a2', key => 'k2');             -- granted, sees Hi Hello
select cases.finish('completed', 'Let me see', 'a2');             -- stored
select cases.calls_a_tool('a2');                                  -- true | nothing
select cases.result('output-available', 'a2', 'a3', key => 'k3'); -- granted: output-available | refused
select cases.finish('completed', 'Let me see: noon', 'a2');       -- stored
select cases.claim('Or?', 'm2', 'a4', key => 'k3');               -- other request | refused
select cases.claim('Ho', 'm1', 'a4');                             -- granted | refused
select cases.finish('completed', 'Yes', 'a4');                    -- stored
select cases.claim('When?', 'm2', 'a5', key => 'k2');             -- deleted | answered
select cases.claim('Or?', 'm2', 'a5', key => 'k2');               -- deleted | other request
select cases.claim('Or?', 'm5', 'a5', key => 'k3');               -- deleted | granted, sees Hi Hello When? Yes Let me see: noon
select cases.result('output-available', 'a2', 'a5', key => 'k3'); -- deleted: output-available | refused
select cases.result('output-available', 'a4', 'a5', key => 'k3', body => 'x'); -- deleted | refused
select cases.result('output-available', 'a4', 'a5', key => 'k2', body => 'x'); -- deleted | refused
select cases.claim('Hm', 'm1', 'a5');                             -- granted | refused
select cases.claim('Or?', 'm2', 'a6', key => 'k2');               -- deleted | other request

-- # A key of a request to regenerate
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm1', 'a2', true, key => 'k1');          -- granted | refused
select cases.finish('failed', '', 'a2');                          -- stored
select cases.claim('Hi', 'm1', 'a3', true, key => 'k1');          -- granted | refused
select cases.finish('completed', 'Good day', 'a3');               -- stored
select cases.claim('Hi', 'm1', 'a4', true, key => 'k1');          -- answered | refused

-- # Nothing to regenerate, and a message that never arrived is simply sent
select cases.claim(null, anew => true);                           -- nothing | refused
select cases.claim('Hi', 'm1', anew => true);                     -- granted | refused

-- # A message without an id that says what a question said that has failed is its retry
select cases.claim('Hi');                                         -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('Hi', attempt => 'a2');                        -- granted
select cases.shown();                                             -- Hi,  (running) | Hi
select cases.finish('incomplete', 'Hel', 'a2');                   -- stored
select cases.claim('Hi', attempt => 'a3');                        -- granted
select cases.finish('completed', 'Hello', 'a3');                  -- stored
select cases.claim('Hi', attempt => 'a4');                        -- granted, sees Hi Hello
select cases.finish('failed', '', 'a4');                          -- stored
select cases.claim('Ho', attempt => 'a5');                        -- granted, sees Hi Hello Hi
select cases.shown();                                             -- Hi, Hello, Hi,  (failed), Ho,  (running) | Hi, Hello, Hi, Ho

-- # The list ends with the last stored message: the new one comes behind it
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2', list => 'm1=Hi, a1');      -- granted, sees Hi Hello
select cases.shown();                                             -- Hi, Hello, And?,  (running) | Hi, Hello, And?

-- # What the list says is not believed, only its ids are; a client that did not hear the answer stands behind it
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2', list => 'm1=Forged, a9');  -- granted, sees Hi Hello
select cases.shown();                                             -- Hi, Hello, And?,  (running) | Hi, Hello, And?

-- # The list ends before the last stored message: what followed is no longer part of the conversation
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.claim('Or?', 'm3', 'a3', list => 'm1=Hi, a1');       -- busy | refused
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Or?', 'm3', 'a3', list => 'm1=Hi, a1');       -- granted, sees Hi Hello | refused
select cases.shown();                                             -- Hi, Hello, Or?,  (running) | Hi, Hello, And?, Yes
select cases.claim('Or?', 'm3', 'a4', list => 'm1=Hi, a1');       -- busy | refused
select cases.claim('And?', 'm2', 'a4', list => 'm1=Hi, a1');      -- replaced | answered

-- # Messages of the user's that never arrived are stored before the new one, and one answer answers all
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Now', 'm4', 'a2', list => 'm1=Hi, a1, m2=One, a9, m3=Two'); -- granted, sees Hi Hello One Two
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.shown();                                             -- Hi, Hello, One, Two, Now, Yes
select cases.claim('Now', 'm4', 'a3', list => 'm1=Hi, a1, m2=One, a9, m3=Two'); -- answered
select cases.claim('And?', 'm5', 'a4', list => 'm1=Hi, a1, m2=One, m3=Two, m4=Now, a2'); -- granted, sees Hi Hello One Two Now Yes

-- # Nothing has arrived yet
select cases.claim('Two', 'm2', list => 'm1=One');                -- granted, sees One
select cases.shown();                                             -- One, Two,  (running) | One, Two
select cases.title();                                             -- One

-- # Two messages under one id
select cases.claim('Now', 'm2', list => 'm1=One, m1=Two, m1=Two, m2=Three'); -- granted, sees One Two Three
select cases.shown();                                             -- One, Two, Three, Now,  (running) | One, Two, Three, Now
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Two', 'm1', 'a2');                            -- answered

-- # One answer answers all: each of them that is sent again is answered by it, also by a new attempt in its place
select cases.claim('Two', 'm2', list => 'm1=One');                -- granted, sees One
select cases.claim('One', 'm1', 'a2');                            -- busy
select cases.finish('failed', '');                                -- stored
select cases.claim('One', 'm1', 'a2', key => 'k1');               -- granted, sees One
select cases.finish('failed', '', 'a2');                          -- stored
select cases.claim('One', 'm1', 'a3', key => 'k1');               -- granted, sees One
select cases.finish('completed', 'Both', 'a3');                   -- stored
select cases.claim('One', 'm1', 'a4', key => 'k1');               -- answered
select cases.claim('One', 'm1', 'a4', metadata => '{"v": 1}');    -- answered | refused
select cases.claim('Two', 'm2', 'a4');                            -- answered
select cases.shown();                                             -- One, Two, Both
select cases.claim('One', 'm1', 'a4', true);                      -- granted | refused
select cases.finish('failed', '', 'a4', cases.asked('One'));      -- stored
select cases.shown();                                             -- One, Two, Both
select cases.claim('One', 'm1', 'a5', true, key => 'k2');         -- granted | refused
select cases.claim('One', 'm1', 'a6');                            -- busy | refused
select cases.finish('completed', 'Alone', 'a5', cases.asked('One')); -- stored
select cases.shown();                                             -- One, Alone | One, Alone, Two, Both
select cases.claim('One', 'm1', 'a6', true, key => 'k2');         -- answered | refused
select cases.claim('One', 'm1', 'a6', true);                      -- granted | refused
select cases.finish('completed', 'Again', 'a6', cases.asked('One')); -- stored
select cases.shown();                                             -- One, Again | One, Again, Alone, Two, Both

-- # A question whose answer was deleted, when the chat has gone on
select cases.claim('Hi', 'm1', key => 'k1');                      -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.delete('a1');                                        -- done | refused
select cases.claim('Hi', 'm1', 'a3');                             -- answered
select cases.claim('Hi', 'm1', 'a3', key => 'k1');                -- answered
select cases.claim('Hi', 'm1', 'a3', true);                       -- granted | refused
select cases.finish('completed', 'Good day', 'a3', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Good day | Hi, Good day, Hello, And?, Yes
select cases.delete('a3');                                        -- done | refused
select cases.claim('Hi', 'm1', 'a4');                             -- granted | answered
select cases.finish('completed', 'Hello', 'a4', cases.asked('Hi')); -- stored
select cases.claim('Hi', 'm1', 'a5');                             -- answered

-- # The last message is the newest one, which need not be the one at the end
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('So?', 'm3', 'a3');                            -- granted, sees Hi And? Yes
select cases.finish('completed', 'So', 'a3');                     -- stored
select cases.newest();                                            -- So | nothing
select cases.claim('Hi', 'm1', 'a4');                             -- granted | refused
select cases.finish('completed', 'Hello', 'a4', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Hello, And?, Yes, So?, So | Hi, Hello, And?, Yes, So?, So
select cases.delete('m2');                                        -- done | refused
select cases.newest();                                            -- Hello | nothing
select cases.delete('a4');                                        -- done | refused
select cases.newest();                                            -- So | nothing

-- # An answer that is not right behind its question is its own
select cases.claim('Two', 'm2', list => 'm1=One');                -- granted, sees One
select cases.finish('completed', 'Second');                       -- stored
select cases.finish('completed', 'First', 'elsewhere', cases.asked('One')); -- stored
select cases.shown();                                             -- One, Two, Second, First | One, First, Two, Second
select cases.claim('One', 'm1', 'a2');                            -- answered
select cases.claim('Two', 'm2', 'a2', true);                      -- granted, sees One | refused
select cases.finish('completed', 'Anew', 'a2');                   -- stored
select cases.shown();                                             -- One, Two, Anew | One, First, Two, Anew, Second

-- # Nothing of the list is known: elsewhere, unless the list is not told at all
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm3', 'a2', list => 'm7=Other, a9');   -- elsewhere
select cases.shown();                                             -- Hi, Hello
select cases.claim('And?', 'm3', 'a2');                           -- granted, sees Hi Hello

-- # What the list ends with has been replaced by another answer, or is no longer part of the conversation
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Hi', 'm1', 'a3', anew => true);               -- granted | refused
select cases.finish('completed', 'Good day', 'a3', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Good day | Hi, Good day, Hello, And?, Yes
select cases.claim('More', 'm3', 'a4', list => 'm1=Hi, a1, m2=And?, a2'); -- granted, sees Hi Good day | granted, sees Hi Good day Hello And? Yes

-- # Edited by its id, whichever the list ends with
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Ho', 'm1', 'a3', target => 'm1');             -- granted | refused
select cases.shown();                                             -- Ho,  (running) | Hi, Hello, And?, Yes
select cases.title();                                             -- Ho | Hi
select cases.claim('Ho', 'm1', 'a4', target => 'm1');             -- busy | refused
select cases.claim('Hm', 'm9', 'a4', target => 'a3');             -- not a question | unknown
select cases.claim('Hm', 'm9', 'a4', target => 'm8');             -- unknown
select cases.claim('Hm', null, 'a4', target => 'm8');             -- unknown
select cases.claim('Hm', 'm9', 'a4', target => 'm9');             -- granted, sees Ho | granted, sees Hi Hello And? Yes

-- # Edited before it arrived, under a UUID of the client's own: it is sent
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hm', cases.named('a9'), 'a2', target => 'a9'); -- granted, sees Hi Hello

-- # An edit in a conversation that is not there
select cases.claim('Ho', 'm1', target => 'm9');                   -- missing

-- # A title that somebody gave stays when the question is edited
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select outcome from history.patch_conversation(cases.conversation(), 'Mine', false, null, null, 1000); -- done
select cases.claim('Ho', 'm1', 'a2');                             -- granted | refused
select cases.title();                                             -- Mine

-- # Any answer can be made anew, by its own id or its question's
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Hi', 'm1', 'a3', true, target => 'a1');       -- granted | refused
select cases.finish('completed', 'Good day', 'a3', cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Good day | Hi, Good day, Hello, And?, Yes
select cases.claim(null, null, 'a4', true, target => 'a3');       -- granted | refused
select cases.claim('Hi', 'm1', 'a5', true, target => 'a9');       -- busy | refused

-- # Made anew with ids that the server never saw: the last question when it says the same, else elsewhere
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm7', 'a2', true);                       -- granted | refused
select cases.finish('completed', 'Good day', 'a2');               -- stored
select cases.shown();                                             -- Hi, Good day | Hi, Good day, Hello
select cases.claim('Ho', 'm8', 'a3', true, list => 'm7=Hm');      -- elsewhere | refused
select cases.claim('Ho', 'm8', 'a3', true);                       -- elsewhere | refused
select cases.claim(null, null, 'a3', true, target => 'm8');       -- elsewhere | refused

-- # Made anew without having arrived: it is sent
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2', true, list => 'm1=Hi, a1'); -- granted, sees Hi Hello | refused
select cases.shown();                                             -- Hi, Hello, And?,  (running) | Hi, Hello

-- # An answer that began before the switch has no row: its end makes one
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('failed', '');                                -- stored
select cases.finish('completed', 'From before', 'elsewhere');     -- stored
select cases.shown();                                             -- Hi, From before
select cases.finish('completed', 'Too late', 'a third');          -- replaced | stored
select cases.shown();                                             -- Hi, From before | Hi, Too late, From before

-- # Stopped: what has arrived stays, and the next message is taken at once
select cases.claim('Hi', 'm1');                                   -- granted
select cases.flush('Hel');                                        -- true
select cases.stop();                                              -- Hel (stopped) | refused
select cases.stop();                                              -- nothing | refused
select cases.flush('Hell');                                       -- false | true
select cases.flush(null);                                         -- false | true
select cases.running();                                           -- nothing | refused
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hel | granted, sees Hi
select cases.finish('stopped', 'Hello', question => cases.asked('Hi')); -- stored
select cases.shown();                                             -- Hi, Hello (stopped), And?,  (running) | Hi, Hello, And?

-- # Stopped before anything arrived, and what arrived until its maker heard of it
select cases.claim('Hi', 'm1');                                   -- granted
select cases.flush(null);                                         -- true
select cases.stop();                                              --  (stopped) | refused
select cases.finish('completed', 'Hello');                        -- stored
select cases.shown();                                             -- Hi, Hello (stopped) | Hi, Hello
select cases.finish('stopped', 'Other');                          -- stored
select cases.shown();                                             -- Hi, Hello (stopped) | Hi, Other

-- # Nothing to stop: it is complete, it has failed, its time is over, there is no such chat
select cases.stop();                                              -- nothing | refused
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('failed', '');                                -- stored
select cases.stop();                                              -- nothing | refused
select cases.claim('Hi', 'm1', 'a2', lease => '-1 second');       -- granted
select cases.stop();                                              -- nothing | refused
select cases.claim('Hi', 'm1', 'a3');                             -- granted
select cases.finish('completed', 'Hello', 'a3');                  -- stored
select cases.stop();                                              -- nothing | refused
select cases.shown();                                             -- Hi, Hello

-- # Stopped, and the same message again: a new attempt in its place
select cases.claim('Hi', 'm1');                                   -- granted
select cases.flush('Hel');                                        -- true
select cases.stop();                                              -- Hel (stopped) | refused
select cases.claim('Hi', 'm1', 'a2');                             -- granted | busy
select cases.finish('stopped', 'Hell');                           -- stored
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select cases.shown();                                             -- Hi, Hello | Hi, Hello, Hell

-- # A regenerated answer that is stopped takes the old one's place if something had arrived
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Hi', 'm1', 'a2', anew => true);               -- granted | refused
select cases.stop();                                              --  (stopped) | refused
select cases.shown();                                             -- Hi, Hello
select cases.claim('Hi', 'm1', 'a3', anew => true);               -- granted | refused
select cases.finish('stopped', 'Goo', 'a2');                      -- stored
select cases.shown();                                             -- Hi, Hello | Hi, Goo, Hello
select cases.flush('Good', 'a3');                                 -- true
select cases.stop();                                              -- Good (stopped) | refused
select cases.shown();                                             -- Hi, Good (stopped) | Hi, Goo, Hello

-- # Edited after a stop
select cases.claim('Hi', 'm1');                                   -- granted
select cases.flush('Hel');                                        -- true
select cases.stop();                                              -- Hel (stopped) | refused
select cases.claim('Ho', 'm1', 'a2');                             -- granted | refused
select cases.finish('completed', 'Hello');                        -- stored
select cases.finish('completed', 'Hello');                        -- stored
select cases.shown();                                             -- Ho,  (running) | Hi, Hello

-- # Parts are kept with the text that they hold, also where there is none; other parts are an edit
select cases.claim('', 'm1', parts => '[{"type": "file"}]');      -- granted
select cases.parts();                                             -- [{"type": "file"}]
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('', 'm1', 'a2', parts => '[{"type": "file"}]'); -- answered
select cases.claim('', 'm1', 'a2', parts => '[{"type": "data-x"}]'); -- granted | refused
select cases.parts();                                             -- [{"type": "data-x"}] | [{"type": "file"}]
select cases.claim('Hi', 'm1', 'a3');                             -- busy | refused
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select cases.claim('Hi', 'm1', 'a3');                             -- granted | refused
select cases.parts();                                             -- nothing | [{"type": "file"}]

-- # Metadata are those that came with the question the last time, ours aside; an edit without any has none
select cases.claim('Hi', 'm1', metadata => '{"v": 1, "w": 1}');   -- granted
select cases.finish('failed', '');                                -- stored
select cases.metadata();                                          -- {"v": 1, "w": 1}
select cases.claim('Hi', 'm1', 'a2', metadata => '{"v": 2, "model": "m"}'); -- granted
select cases.metadata();                                          -- {"v": 2}
select cases.finish('failed', '', 'a2');                          -- stored
select cases.claim('Hi', 'm1', 'a3');                             -- granted
select cases.metadata();                                          -- {"v": 2}
select cases.finish('completed', 'Hello', 'a3');                  -- stored
select cases.claim('Ho', 'm1', 'a4', metadata => '{"v": 3}');     -- granted | refused
select cases.metadata();                                          -- {"v": 3} | {"v": 2}
select cases.finish('completed', 'Ho ho', 'a4');                  -- stored
select cases.claim('Hm', 'm9', 'a5', target => 'm1');             -- granted | refused
select cases.metadata();                                          -- {} | {"v": 2}
select cases.claim('Hm', 'm1', 'a6');                             -- busy | refused

-- # An answered message that is sent again with other metadata stores these, and nothing else changes
select cases.claim('Hi', 'm1', metadata => '{"v": 1}');           -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('Hi', 'm1', 'a3', metadata => '{"v": 1}', key => 'k1'); -- answered
select cases.claim('Hi', 'm1', 'a3', metadata => '{"v": 2}');     -- answered | refused
select cases.metadata();                                          -- {"v": 2} | {"v": 1}
select cases.claim('Hi', 'm1', 'a3', target => 'm1', metadata => '{"v": 3}'); -- answered | refused
select cases.claim('Hi', 'm1', 'a3');                             -- answered
select cases.metadata();                                          -- {"v": 3} | {"v": 1}
select cases.claim('Hi', 'm1', 'a3', metadata => '{}');           -- answered | refused
select cases.metadata();                                          -- {} | {"v": 1}
select cases.shown();                                             -- Hi, Hello, And?, Yes

-- # Of two with one answer the first has metadata of its own, too
select cases.claim('Two', 'm2', list => 'm1=One');                -- granted, sees One
select cases.finish('failed', '');                                -- stored
select cases.claim('One', 'm1', 'a2', metadata => '{"v": 1}');    -- granted, sees One | refused
select cases.metadata();                                          -- {"v": 1} | {}
select cases.finish('completed', 'Both', 'a2');                   -- stored
select cases.claim('One', 'm1', 'a3', metadata => '{"v": 2}');    -- answered | refused
select cases.metadata();                                          -- {"v": 2} | {}
select cases.claim('One', 'm1', 'a3', target => 'm1', metadata => '{"v": 3}'); -- answered | refused
select cases.claim('Two', 'm2', 'a3', metadata => '{"v": 4}');    -- answered | refused
select cases.claim('One', 'm1', 'a3');                            -- answered
select cases.metadata();                                          -- {"v": 3} | {}

-- # A key's retry does not bring back the metadata that it came with
select cases.claim('Hi', 'm1', key => 'k1', metadata => '{"v": 1}'); -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('Hi', 'm1', 'a2', metadata => '{"v": 2}');     -- granted
select cases.finish('failed', '', 'a2');                          -- stored
select cases.claim('Hi', 'm1', 'a3', key => 'k1', metadata => '{"v": 1}'); -- granted
select cases.metadata();                                          -- {"v": 2}
select cases.finish('completed', 'Hello', 'a3');                  -- stored
select cases.claim('Hi', 'm1', 'a4', key => 'k1', metadata => '{"v": 1}'); -- answered
select cases.metadata();                                          -- {"v": 2}

-- # The result of a tool that a client has run becomes part of the answer, which goes on
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.result('input-available');                           -- no result: No tool call of the stored answer waits for a result. | refused
select cases.result('output-available');                          -- no result: The stored answer has no call "c1". | refused
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-error');                              -- no result: The call "c1" takes output-available, or output-error with an errorText.: input-available | refused
select cases.claim('When?', 'm1', 'a5', true);                     -- granted | refused
select cases.result('output-available');                          -- busy: input-available | refused
select cases.finish('failed', '', 'a5');                          -- stored
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.result('output-available');                          -- busy: output-available | refused
select cases.shown();                                             -- When?, Let me see (running) | When?, Let me see
select cases.flush('Let me see: no');                             -- true
select cases.finish('completed', 'Let me see: noon');             -- stored
select cases.shown();                                             -- When?, Let me see: noon
select cases.result('output-available');                          -- answered: output-available | refused
select cases.result('output-available', 'a7');                    -- unknown | refused
select cases.result('output-available', cases.deleted());         -- deleted | refused
select cases.claim('And?', 'm2', 'a4');                           -- granted, sees When? Let me see: noon
select cases.result('output-available');                          -- replaced: output-available | refused

-- # The result of a tool that comes with the next question
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.claim('And?', 'm2', 'a2', list => 'm1=When?, a1=input-available'); -- granted, sees When? Let me see
select cases.finish('failed', '', 'a2');                          -- stored
select cases.state('a1');                                         -- input-available | nothing
select cases.claim('Or?', 'm3', 'a3', list => 'm1=When?, a1=output-available, m2=And?'); -- granted, sees When? Let me see And?
select cases.state('a1');                                         -- output-available | nothing
select cases.finish('completed', 'Let me think', 'a3');           -- stored
select cases.calls_a_tool('a3');                                  -- true | nothing
select cases.claim('So?', 'm4', 'a4', list => 'm1=When?, a1, m2=And?, m3=Or?, a3=output-available'); -- granted, sees When? Let me see And? Or? Let me think
select cases.state('a3');                                         -- output-available | nothing
select cases.claim('Or?', 'm3', 'a5', true, list => 'm1=When?, a1=output-error'); -- busy | refused
select cases.state('a1');                                         -- output-available | nothing

-- # The result of a tool that comes with the next question, while the answer goes on, and after that has failed
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_two_tools('a1');                               -- true | nothing
select cases.result('output-available');                          -- granted: output-available | refused
select cases.claim('And?', 'm2', 'a2', list => 'm1=When?, a1=output-available 2'); -- granted, sees When? Let me see
select cases.state('a1', 2);                                      -- output-available | nothing
select cases.finish('failed', 'Let me see: no');                  -- stored
select cases.state('a1', 2);                                      -- output-available | nothing
select cases.said('a1');                                          -- Let me see / : no | nothing

-- # The result of a tool that comes with a question that is sent again, whatever became of the answer
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('incomplete', 'Let me see');                  -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees When? Let me see | granted, sees When?
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select cases.claim('And?', 'm2', 'a3', list => 'm1=When?, a1=output-available'); -- answered
select cases.state('a1');                                         -- output-available | nothing

-- # What a call that has its outcome takes no more: another one
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available');                          -- granted: output-available | refused
select cases.finish('failed', 'Let me see');                      -- stored
select cases.result('output-denied', attempt => 'a3');            -- no result: The call "c1" has another outcome already.: output-available | refused
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.finish('completed', 'Let me see: noon');             -- stored
select cases.result('output-denied', attempt => 'a4');            -- no result: The call "c1" has another outcome already.: output-available | refused
select cases.result('output-available', attempt => 'a4');         -- answered: output-available | refused

-- # Edited before it arrived, as the first message: it is sent
select cases.claim('Ho', 'm1', target => 'm1');                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('Ha', 'm2', 'a2', target => 'm2');             -- granted, sees Ho Hello
select cases.shown();                                             -- Ho, Hello, Ha,  (running) | Ho, Hello, Ha

-- # In a conversation that is gone there is nothing to edit, to continue or to regenerate
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('Ho', 'm9', target => 'm1');                   -- deleted | missing
select cases.claim(null, null, 'a2', true, target => 'm1');       -- deleted | refused
select cases.result('output-available', 'a1', 'a2');              -- deleted | missing
select cases.claim('Ho', 'm1', 'a2', target => 'm1');             -- deleted | granted

-- # What did not go on to its end goes on with the same results, from where it began
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available', key => 'k2');             -- granted: output-available | refused
select cases.reason();                                            -- stop
select cases.finish('failed', 'Let me see');                      -- stored
select cases.reason();                                            -- nothing | stop
select cases.shown();                                             -- When?, Let me see (incomplete) | When?, Let me see
select cases.result('input-available', attempt => 'a3');          -- no result: No tool call of the stored answer waits for a result.: output-available | refused
select cases.result('output-available', attempt => 'a3', key => 'k2', body => 'x'); -- other request: output-available | refused
select cases.result('output-available', attempt => 'a3', key => 'k2'); -- granted: output-available | refused
select cases.result('output-available', attempt => 'a3', key => 'k2'); -- granted: output-available | refused
select cases.result('output-available', attempt => 'a4', key => 'k2'); -- busy: output-available | refused
select cases.finish('incomplete', 'Let me see: no');              -- stored
select cases.shown();                                             -- When?, Let me see: no (incomplete) | When?, Let me see: no
select cases.result('output-available', attempt => 'a4');         -- granted: output-available | refused
select cases.shown();                                             -- When?, Let me see (running) | When?, Let me see: no
select cases.flush('Let me see: n');                              -- true
select cases.stop();                                              -- Let me see: n (stopped) | refused
select cases.result('output-available', attempt => 'a5');         -- busy: output-available | refused
select cases.finish('stopped', 'Let me see: no');                 -- stored
select cases.said('a1');                                          -- Let me see / : no | nothing
select cases.result('output-available', attempt => 'a5', key => 'k2'); -- granted: output-available | refused
select cases.finish('completed', 'Let me see: noon');             -- stored
select cases.said('a1');                                          -- Let me see / : noon | nothing
select cases.result('output-available', attempt => 'a6', key => 'k2'); -- answered: output-available | refused
select cases.result('output-available', attempt => 'a6');         -- answered: output-available | refused
select cases.claim('And?', 'm2', 'a4');                           -- granted, sees When? Let me see: noon

-- # What an earlier version failed to go on with goes on from what is there
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available');                          -- granted: output-available | refused
select cases.finish('incomplete', 'Let me see: n');               -- stored
select cases.has_no_attempt('a1');                                -- true | nothing
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.finish('completed', 'Let me see: noon');             -- stored
select cases.shown();                                             -- When?, Let me see: noon

-- # The end of an attempt to go on whose time was over is kept beside the answer that a later one continues, and changes nothing of it
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available', lease => '-1 second');    -- granted: output-available | refused
select cases.flush('Let me see: n', 'a2');                        -- true
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.flush('Let me see: no', 'a2');                       -- false | true
select cases.flush('Let me see: o', 'a3');                        -- true
select cases.finish('completed', 'Let me see: noon', 'a2');       -- replaced | stored
select cases.shown();                                             -- When?, Let me see: o (running) | When?, Let me see: noon, Let me see
select cases.stop();                                              -- Let me see: o (stopped) | refused
select cases.finish('stopped', 'Let me see: oh no', 'a2');        -- replaced | stored
select cases.finish('stopped', 'Let me see: oh', 'a3');           -- stored
select cases.finish('completed', 'Let me see: oh', 'a3');         -- stored
select cases.shown();                                             -- When?, Let me see: oh (stopped) | When?, Let me see: oh, Let me see: oh no, Let me see
select cases.said('a1');                                          -- Let me see / : oh | nothing
select cases.result('output-available', attempt => 'a4');         -- granted: output-available | refused
select cases.finish('failed', 'Let me see', 'a4');                -- stored
select cases.finish('completed', 'Let me see: one', 'a3');        -- replaced | stored
select cases.shown();                                             -- When?, Let me see (incomplete) | When?, Let me see: one, Let me see: oh no, Let me see
select cases.result('output-available', attempt => 'a5');         -- granted: output-available | refused
select cases.finish('completed', 'Let me see: yes', 'a5');        -- stored
select cases.finish('completed', 'Let me see: yes', 'a5');        -- stored
select cases.said('a1');                                          -- Let me see / : yes | nothing

-- # What arrived of an answer whose time is over is shown and seen as that of an incomplete one
select cases.claim('Hi', 'm1', lease => '-1 second');             -- granted
select cases.shown();                                             -- Hi,  (failed) | Hi
select cases.flush('Hel');                                        -- true
select cases.shown();                                             -- Hi, Hel (incomplete) | Hi
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hel | granted, sees Hi

-- # What arrived of a continuation whose time is over is a step of its own
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available', lease => '-1 second');    -- granted: output-available | refused
select cases.flush('Let me see: n', 'a2');                        -- true
select cases.shown();                                             -- When?, Let me see: n (incomplete) | When?, Let me see
select cases.texts_shown();                                       -- Let me see / : n | nothing
select cases.texts_alone('a1');                                   -- Let me see / : n, incomplete | nothing
select cases.texts_seen('a3');                                    -- Let me see / : n | nothing

-- # What goes on begins behind the content, also where the texts of the parts differ from it in blanks
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1', 'Let  me  see');                  -- true | nothing
select cases.result('output-available', lease => '-1 second');    -- granted: output-available | refused
select cases.flush('Let me see: n', 'a2');                        -- true
select cases.texts_shown();                                       -- Let  me  see / : n | nothing
select cases.texts_alone('a1');                                   -- Let  me  see / : n, incomplete | nothing
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.finish('incomplete', 'Let me see: no');              -- stored
select cases.said('a1');                                          -- Let  me  see / : no | nothing
select cases.result('output-available', attempt => 'a4');         -- granted: output-available | refused
select cases.finish('completed', 'Let me see: noon');             -- stored
select cases.said('a1');                                          -- Let  me  see / : noon | nothing
select cases.claim('And?', 'm2', 'a5');                           -- granted, sees When? Let me see: noon
select cases.finish('completed', 'Let  me  see', 'a5');           -- stored
select cases.calls_a_tool('a5');                                  -- true | nothing
select cases.result('output-available', 'a5', 'a6');              -- granted: output-available | refused
select cases.finish('failed', 'Let  me  see', 'a6');              -- stored
select cases.said('a5');                                          -- Let me see | nothing
select cases.result('output-available', 'a5', 'a7');              -- granted: output-available | refused
select cases.finish('completed', 'Let  me  see: one', 'a7');      -- stored
select cases.said('a5');                                          -- Let me see / : one | nothing

-- # What a client of the data API made of an answer that did not go on to its end is what it goes on from
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available');                          -- granted: output-available | refused
select cases.finish('incomplete', 'Let me see: n');               -- stored
select cases.edit('a1', 'I shall look it up');                    -- true | nothing
select cases.result('output-available', attempt => 'a3');         -- granted: output-available | refused
select cases.shown();                                             -- When?, I shall look it up (running) | When?, Let me see: n
select cases.finish('completed', 'I shall look it up: noon', 'a3'); -- stored
select cases.said('a1');                                          -- I shall look it up / : noon | nothing

-- # What goes on, or failed to, is still seen by the model
select cases.claim('When?', 'm1');                                -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available', key => 'k2');             -- granted: output-available | refused
select cases.claim('And?', 'm2', 'a3');                           -- granted, sees When? Let me see
select cases.finish('failed', 'Let me see', question => cases.asked('When?')); -- stored
select cases.finish('completed', 'Yes', 'a3');                    -- stored
select cases.claim('So?', 'm3', 'a4');                            -- granted, sees When? Let me see And? Yes
select cases.result('output-available', attempt => 'a5');         -- replaced: output-available | refused
select cases.result('output-available', attempt => 'a5', key => 'k2'); -- granted: output-available | refused

-- # Of a client's call only what it says of the result is taken
select cases.merged('{"state": "input-available", "input": 1}', '{"state": "output-available", "input": 2, "output": null, "errorText": "e", "title": "t"}'); -- {"input": 1, "state": "output-available", "output": null}
select cases.merged('{"state": "input-streaming"}', '{"state": "output-error", "output": 1, "errorText": "e", "approval": {"id": "p"}}'); -- {"state": "output-error", "errorText": "e"}
select cases.merged('{"state": "input-available"}', '{"state": "output-error"}'); -- nothing
select cases.merged('{"state": "input-available"}', '{"state": "output-denied"}'); -- nothing
select cases.merged('{"state": "input-available"}', '{"state": "approval-responded", "approval": {"id": "p", "approved": true}}'); -- nothing
select cases.merged('{"state": "input-available"}', '{"state": "done", "output": 1}'); -- nothing
select cases.merged('{"state": "output-available", "output": 1}', '{"state": "output-available", "output": 2}'); -- nothing
select cases.merged('{"state": "input-available"}', '{"state": "output-available", "toolCallId": "c2"}'); -- nothing
select cases.merged('{"state": "input-available"}', '{"state": "output-available", "type": "tool-x"}'); -- nothing

-- # A call that asks for approval takes it, and an output only with it
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-available", "output": 1}'); -- nothing
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-available", "output": 1, "approval": {"id": "q", "approved": true}}'); -- nothing
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-available", "output": 1, "approval": {"id": "p", "approved": false}}'); -- nothing
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-available", "output": 1, "approval": {"id": "p", "approved": true, "x": 1}}'); -- {"state": "output-available", "output": 1, "approval": {"id": "p", "approved": true}}
select cases.merged('{"state": "approval-requested", "approval": {"id": "p", "x": 1}}', '{"state": "approval-responded", "input": 1, "approval": {"id": "p", "approved": false, "reason": "no", "x": 2}}'); -- {"state": "approval-responded", "approval": {"x": 1, "id": "p", "reason": "no", "approved": false}}
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "approval-responded", "approval": {"id": "p", "approved": "true"}}'); -- nothing
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-denied", "approval": {"id": "p", "approved": false}}'); -- {"state": "output-denied", "approval": {"id": "p", "approved": false}}
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-denied", "approval": {"id": "p", "approved": true}}'); -- nothing
select cases.merged('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-error", "errorText": "not allowed"}'); -- {"state": "output-error", "approval": {"id": "p"}, "errorText": "not allowed"}
select cases.merged('{"state": "approval-responded", "approval": {"id": "p", "approved": true}}', '{"state": "output-available", "output": 1}'); -- {"state": "output-available", "output": 1, "approval": {"id": "p", "approved": true}}
select cases.merged('{"state": "approval-responded", "approval": {"id": "p", "approved": false}}', '{"state": "output-available", "output": 1, "approval": {"id": "p", "approved": true}}'); -- nothing

-- # What a call does not take is refused with a reason, also where none waits; what it has already is not
select cases.refused('{"state": "input-available"}', '{"state": "output-error"}'); -- The call "c1" takes output-available, or output-error with an errorText.
select cases.refused('{"state": "input-available"}', '{"state": "output-denied"}'); -- The call "c1" takes output-available, or output-error with an errorText.
select cases.refused('{"state": "input-available"}', '{"state": "approval-responded", "approval": {"id": "p", "approved": true}}'); -- The call "c1" takes output-available, or output-error with an errorText.
select cases.refused('{"state": "input-available"}', '{"state": "done", "output": 1}'); -- The call "c1" takes output-available, or output-error with an errorText.
select cases.refused('{"state": "input-available"}', '{"state": "output-available", "output": 1, "toolCallId": "c2"}'); -- The stored answer has no call "c2".
select cases.refused('{"state": "input-available"}', '{"state": "output-available", "output": 1, "type": "tool-x"}'); -- The call "c1" is one of tool-time.
select cases.refused('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "output-available", "output": 1}'); -- The call "c1" asks for the approval "p": with this id it takes approval-responded, output-available if approved is true, output-denied if it is false; without, output-error with an errorText.
select cases.refused('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "approval-responded", "approval": {"id": "q", "approved": true}}'); -- The call "c1" asks for the approval "p": with this id it takes approval-responded, output-available if approved is true, output-denied if it is false; without, output-error with an errorText.
select cases.refused('{"state": "approval-responded", "approval": {"id": "p", "approved": true}}', '{"state": "approval-responded", "approval": {"id": "p", "approved": false}}'); -- The call "c1" takes output-available, or output-error with an errorText.
select cases.refused('{"state": "approval-responded", "approval": {"id": "p", "approved": false}}', '{"state": "output-available", "output": 1}'); -- The call "c1" was not approved, and takes only output-error with an errorText.
select cases.refused('{"state": "input-available"}', '{"state": "output-available", "output": 1}'); -- nothing
select cases.refused('{"state": "input-available"}', '{"state": "input-streaming"}'); -- nothing
select cases.refused('{"state": "approval-requested", "approval": {"id": "p"}}', '{"state": "approval-requested", "approval": {"id": "p", "approved": true}}'); -- nothing
select cases.refused('{"state": "approval-responded", "approval": {"id": "p", "approved": true}}', '{"state": "approval-responded", "approval": {"id": "p", "approved": true}}'); -- nothing
select cases.refused('{"state": "approval-responded", "approval": {"id": "p", "approved": false}}', '{"state": "output-denied", "approval": {"id": "p", "approved": false}}'); -- nothing
select cases.refused('{"state": "output-available", "output": 1}', '{"state": "output-error"}'); -- The call "c1" has another outcome already.
select cases.refused_alone('{"state": "output-available", "output": 1, "approval": {"id": "p", "approved": true}}', '{"state": "approval-responded", "approval": {"id": "p", "approved": false}}'); -- The call "c1" has another outcome already.
select cases.refused_alone('{"state": "output-available", "output": 1, "approval": {"id": "p", "approved": true}}', '{"state": "approval-responded", "approval": {"id": "p", "approved": true}}'); -- nothing
select cases.refused_alone('{"state": "output-available", "output": 1}', '{"state": "output-available", "output": 2}'); -- The call "c1" has another outcome already.
select cases.refused_alone('{"state": "output-available", "output": 1}', '{"state": "input-available", "toolCallId": "c2"}'); -- nothing
select cases.refused_alone('{"state": "output-available", "output": 1}', '{"state": "output-available", "toolCallId": "c2"}'); -- The stored answer has no call "c2".
select cases.refused_alone('{"state": "output-available", "output": 1}', '{"state": "output-available", "type": "tool-x"}'); -- The call "c1" is one of tool-time.
select cases.refused_alone(null, '{"state": "output-available"}'); -- The stored answer has no call "c1".

-- # A key that comes with a result belongs to that request
select cases.claim('When?', 'm1', key => 'k1');                   -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.result('output-available', key => 'k1');             -- other request: input-available | refused
select cases.result('output-available', key => 'k2');             -- granted: output-available | refused
select cases.result('output-available', key => 'k2');             -- granted: output-available | refused
select cases.result('output-available', attempt => 'a3', key => 'k2'); -- busy: output-available | refused
select cases.finish('completed', 'Let me see: noon');             -- stored
select cases.result('output-available', attempt => 'a3', key => 'k2'); -- answered: output-available | refused
select cases.result('output-available', attempt => 'a3', key => 'k2', body => 'x'); -- other request: output-available | refused
select cases.claim('When?', 'm1', 'a3', key => 'k1');             -- answered
select cases.claim('And?', 'm2', 'a4', key => 'k2');              -- other request | granted, sees When? Let me see: noon
select cases.claim('And?', 'm2', 'a4', key => 'k3');              -- granted, sees When? Let me see: noon
select cases.result('output-available', attempt => 'a5', key => 'k2'); -- answered: output-available | refused
select cases.result('output-available', attempt => 'a5', key => 'k4'); -- replaced: output-available | refused
select cases.finish('completed', 'Yes', 'a4');                    -- stored
select cases.shown();                                             -- When?, Let me see: noon, And?, Yes
select cases.claim('Where?', 'm1', 'a6', key => 'k5');            -- granted | refused
select cases.result('output-available', attempt => 'a5', key => 'k2'); -- deleted: output-available | refused
select cases.finish('failed', '', 'a6');                          -- stored
select outcome from history.delete_message(null, current_setting('cases.chat'), 'm1', null); -- done | refused
select cases.result('output-available', attempt => 'a5', key => 'k2'); -- deleted | refused

-- # A conversation that is gone, and a message that had been deleted before: it is not stored again, and there is no new conversation
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select outcome from history.delete_message(null, current_setting('cases.chat'), 'm2', null); -- done | refused
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('And?', 'm2', 'a3');                           -- deleted | granted
select cases.claim('And?', 'm2', 'a3', true);                     -- deleted | refused
select cases.claim('And?', 'm3', 'a3', true, target => 'm2');     -- deleted | refused
select cases.conversation() is null;                              -- true | false
select cases.claim('Hi', 'm1', 'a4');                             -- granted | granted, sees And?

-- # A chat id that is used again after its conversation is gone: what never arrived is stored, what was answered there is not
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello');                        -- stored
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                    -- stored
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('So?', 'm4', 'a3', list => 'm1=Hi, a1, m2=And?, a2, m3=Well?'); -- granted, sees Well?
select cases.finish('completed', 'Good', 'a3');                   -- stored
select cases.claim('Oh?', 'm6', 'a4', list => 'm1=Hi, a1, m2=And?, a2, m3=Well?, m4=So?, a3, m5=Ah?'); -- granted, sees Well? So? Good Ah?
select cases.shown();                                             -- Well?, So?, Good, Ah?, Oh?,  (running) | Well?, So?, Good, Ah?, Oh?
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('Hi', 'm1', 'a5');                             -- granted
select cases.finish('completed', 'Hello', 'a5');                  -- stored
select cases.claim('Now?', 'm7', 'a6', list => 'm1=Hi, a1, m2=And?, a2'); -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a6');                    -- stored
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('Two', 'n2', 'a7', list => 'n1=One');          -- granted, sees One
select cases.finish('failed', '', 'a7');                          -- stored
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('Two', 'n2', 'a8', true, list => 'n1=One');    -- granted, sees One | refused

-- # A key whose turn is gone with its conversation makes nothing again, whatever the body
select cases.claim('Hi', 'm1', key => 'k1');                      -- granted
select cases.finish('failed', '');                                -- stored
select cases.claim('Hi', 'm1', 'a2', key => 'k2');                -- granted
select cases.finish('completed', 'Hello', 'a2');                  -- stored
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('Hi', 'm1', 'a3', key => 'k2');                -- deleted
select cases.claim('Ho', 'm2', 'a3', key => 'k2');                -- deleted
select cases.claim(null, null, 'a3', true, target => 'm1', key => 'k2'); -- deleted
select cases.conversation() is null;                              -- true
select cases.claim('Hi', 'm1', 'a3', key => 'k3');                -- granted
select cases.claim('Ho', 'm2', 'a4', key => 'k2');                -- deleted
select cases.claim('Hi', 'm1', 'a4', key => 'k1');                -- deleted | busy

-- # A conversation that is gone
select cases.claim('Hi', 'm1');                                   -- granted
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.flush('Hel');                                        -- false | true
select cases.finish('completed', 'Hello', question => null);      -- missing

-- # A conversation that is gone, and a new one that has its id: the end of an answer in the first is for neither
select cases.claim('Hi', 'm1');                                   -- granted
select outcome from history.delete_conversation(cases.conversation(), null); -- done
select cases.claim('Hi', 'm1', 'a2');                             -- granted
select cases.flush('Hel');                                        -- false | true
select cases.finish('completed', 'Hello');                        -- missing
select cases.shown();                                             -- Hi,  (running) | Hi
select cases.finish('completed', 'Good day', 'a2');               -- stored
select cases.finish('completed', 'Hello');                        -- missing
select cases.shown();                                             -- Hi, Good day

-- # A question that is not there has no late end either
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Hello', 'a2', cases.id('m9'));  -- missing
select cases.shown();                                             -- Hi,  (running) | Hi

-- # An answer to no question, such as a greeting, is neither made anew nor continued
select cases.claim('Hi', 'm1');                                   -- granted
select cases.finish('completed', 'Let me see');                   -- stored
select cases.calls_a_tool('a1');                                  -- true | nothing
select cases.is_no_question(cases.question());                    -- true | nothing
select cases.claim(null, null, 'a2', true, target => 'a1');       -- nothing | refused
select cases.claim(null, null, 'a2', true);                       -- nothing | refused
select cases.result('output-available');                          -- nothing: input-available | refused
select cases.claim('And?', 'm2', 'a2');                           -- granted, sees Let me see | granted, sees Hi Let me see
select cases.claim('And?', 'm2', 'a3', true, target => 'a1');     -- nothing | refused

-- # A limit counts a turn that is granted, and that once
select cases.claim('Hi', 'm1', limits => '{"limit_turns_per_minute": 2}');       -- granted
select cases.claim('Hi', 'm1', limits => '{"limit_turns_per_minute": 2}');       -- granted
select cases.claim('Hi', 'm1', 'a2', limits => '{"limit_turns_per_minute": 2}'); -- busy
select cases.finish('completed', 'Hello');                                       -- stored
select cases.claim('Hi', 'm1', 'a2', limits => '{"limit_turns_per_minute": 2}'); -- answered
select cases.claim('And?', 'm2', 'a2', limits => '{"limit_turns_per_minute": 2}'); -- granted, sees Hi Hello
select cases.finish('completed', 'Yes', 'a2');                                   -- stored
select cases.claim('So?', 'm3', 'a3', limits => '{"limit_turns_per_minute": 2}'); -- limited
select cases.shown();                                                            -- Hi, Hello, And?, Yes
select cases.claim('So?', 'm3', 'a3');                                           -- granted, sees Hi Hello And? Yes
