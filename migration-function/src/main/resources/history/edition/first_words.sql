-- The first six words of a text, for the title of a conversation without one; null if nothing in it is visible. At most 255
-- characters, cut between visible characters (UAX 29, except for consonants that a virama joins), and without controls, spaces
-- that have no width and characters that change the direction of a text, which would also affect the text after the title.
create or replace function history.first_words(value text) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    most constant integer := 255;
    -- Of unseen() what no visible character needs: controls, spaces without a width, and what turns.
    dropped constant text := '[\u0001-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u200B'
        '\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]';
    spaces constant text := '[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+';
    -- Marks, those of the Indic scripts by the order that their blocks share, joiners, later parts of Hangul syllables, skin tones, tags.
    marks constant text := '\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8'
        '\u06EA-\u06ED\u0900-\u0903\u093A-\u093C\u093E-\u0957\u0962-\u0963\u0980-\u0983\u09BA-\u09BC\u09BE-\u09D7\u09E2-\u09E3'
        '\u0A00-\u0A03\u0A3A-\u0A3C\u0A3E-\u0A57\u0A62-\u0A63\u0A80-\u0A83\u0ABA-\u0ABC\u0ABE-\u0AD7\u0AE2-\u0AE3\u0B00-\u0B03'
        '\u0B3A-\u0B3C\u0B3E-\u0B57\u0B62-\u0B63\u0B80-\u0B83\u0BBA-\u0BBC\u0BBE-\u0BD7\u0BE2-\u0BE3\u0C00-\u0C03\u0C3A-\u0C3C'
        '\u0C3E-\u0C57\u0C62-\u0C63\u0C80-\u0C83\u0CBA-\u0CBC\u0CBE-\u0CD7\u0CE2-\u0CE3\u0D00-\u0D03\u0D3A-\u0D3C\u0D3E-\u0D57'
        '\u0D62-\u0D63\u0D80-\u0D83\u0DBA-\u0DBC\u0DBE-\u0DD7\u0DE2-\u0DE3\u0E31\u0E34-\u0E3A\u0E47-\u0E4E\u0EB1\u0EB4-\u0EBC'
        '\u0EC8-\u0ECE\u1037-\u103E\u1160-\u11FF\u1AB0-\u1AFF\u1DC0-\u1DFF\u200C\u200D\u20D0-\u20FF\u302A-\u302F\u3099\u309A'
        '\uFE00-\uFE0F\uFE20-\uFE2F\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F\U000E0100-\U000E01EF';
    flag constant text := '[\U0001F1E6-\U0001F1FF]';
    words text := array_to_string(array(
        select w.word from regexp_split_to_table(regexp_replace(left(first_words.value, 4000), dropped, '', 'g'), spaces)
            with ordinality w(word, place)
        where w.word !~ history.unseen() order by w.place limit 6), ' ');
    head text := left(words, most + 1); -- with the first character that is too much: what it belongs to goes as a whole
    flags integer := length(substring(head from flag || '+$'));
begin
    if length(words) > most then
        words := case when flags > 0 then left(head, case when flags % 2 = 0 then -2 else -1 end)
            else regexp_replace(head, '[^' || marks || ']?(?:[' || marks || ']|\u200D[^' || marks || '])*$', '') end;
        words := coalesce(nullif(words, ''), left(head, most));
    end if;
    return nullif(btrim(words), '');
end $$;
