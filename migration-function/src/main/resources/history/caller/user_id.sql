-- The user of the token; null when there is none, or it is not a uuid.
create or replace function history.user_id() returns uuid
language sql stable parallel safe
return history.to_uuid(history.claims() ->> 'sub');
