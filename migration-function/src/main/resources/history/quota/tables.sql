-- When each user's turns of the last minute were granted.
create table if not exists history.granted_turns (
    tenant_id uuid not null,
    user_id uuid not null,
    moments timestamptz[] not null,
    primary key (tenant_id, user_id)
);

-- The tokens that each tenant's answers have taken on a day (UTC); rows of earlier days are deleted when a day begins.
create table if not exists history.spent_tokens (
    tenant_id uuid not null,
    day date not null,
    tokens bigint not null,
    primary key (tenant_id, day)
);
