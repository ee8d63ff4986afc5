-- Whether a number has an exponent that makes it hundreds of times longer when it is printed; without printing it.
create or replace function history.has_endless_number(value jsonb) returns boolean
language sql immutable
return jsonb_path_exists(value, 'strict $.** ? (@.type() == "number"
    && (@ >= 1e1000 || @ <= -1e1000 || (@ < 1e-900 && @ > -1e-900 && @ != 0)))');
