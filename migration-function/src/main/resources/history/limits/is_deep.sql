-- Whether elements are nested deeper than 64 levels, or the column deeper than that plus the possible wrappers.
create or replace function history.is_deep(elements jsonb, whole jsonb) returns boolean
language sql immutable
return jsonb_path_exists(elements, 'strict $.**{66}') or coalesce(jsonb_path_exists(whole, 'strict $.**{75}'), false);
