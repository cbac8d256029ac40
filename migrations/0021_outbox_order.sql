-- The order in which the outbox is read. On SQLite it is that of its key.
{outbox_order}
