-- The functions that the functions' role, and whoever it becomes, may call; everything else belongs to the migration.
create or replace function history.callable() returns text[]
language sql immutable
return array['user_id', 'claims', 'to_uuid', 'chosen_tenant', 'current_tenant', 'writing_tenant', 'my_tenants', 'my_admin_tenants',
    'merge_patch', 'derived_id', 'uuid_of', 'owns_conversation', 'elements', 'element_id', 'element_time', 'pending_messages',
    'pending_count', 'version_of', 'migration_pending', 'shown_conversation', 'shown_session', 'is_deleted', 'was_deleted',
    'keep_deletion', 'page_of_list', 'labelled_ids', 'messages_between', 'all_messages', 'came_to_nothing', 'shown_message', 'shown_state', 'any_message',
    'get_message', 'delete_message', 'remove_message', 'list_conversations', 'get_conversation', 'create_conversation', 'patch_conversation',
    'delete_conversation', 'claim_turn', 'flush_turn', 'finish_turn', 'running_turn', 'stop_turn', 'abandon_turn', 'first_words', 'refuse_loss',
    'conversation_meant', 'unseen', 'lock_conversation', 'take_turn', 'continue_turn', 'store_piece', 'store_end', 'store_stop',
    'read_turn', 'hidden_from_caller', 'no_conversation', 'lock_session', 'said', 'seen_in_array', 'mark_attempt', 'failed_in_array', 'named_in_array', 'kept_aside',
    'standing_in_array', 'question_in_array', 'grant_turn', 'count_tokens', 'with_parts', 'object_of', 'sent_parts', 'had_before', 'with_step', 'sent_metadata', 'parts_of', 'field_of', 'turn_keys', 'usage_by_day',
    -- to read and write arrays
    'list_of', 'list_path', 'unwrapped', 'wrapped', 'element_count', 'decoded', 'string_in', 'object_in', 'body_of', 'message_of', 'ui_parts',
    'role_of', 'role_word', 'role_keys', 'text_of', 'text_in', 'text_keys', 'time_of', 'time_keys', 'iso_words', 'kept',
    'is_lifted'];
