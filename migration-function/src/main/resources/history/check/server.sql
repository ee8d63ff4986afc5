-- What the server itself says against changing anything. Changes nothing.
select true as blocks, 'The server is a standby, which is read only.' as finding, 'Connect to the primary.' as remedy
where pg_is_in_recovery()
union all
select false, 'The database is read only by default (default_transaction_read_only), and the migration writes nevertheless.',
    'Hosts set this when a disk is nearly full: look at that first.'
from pg_settings where name = 'default_transaction_read_only' and reset_val = 'on'
