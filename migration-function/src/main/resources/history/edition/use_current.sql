-- Defines the functions of the API for the current phase; none if there are no tables.
do $$
begin
    if (select s.phase from history.state s) <> 'prepared' then
        perform history.use_edition('rows');
    elsif to_regclass('public.chat_sessions') is not null then
        perform history.use_edition('arrays');
    end if;
end $$;
