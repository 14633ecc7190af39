package io.countersign.store;

/**
 * A record as it is stored.
 *
 * @param rev 16 bytes: the revision of the batch that wrote it last
 * @param expiresAt milliseconds since 1970, unsigned: may vanish afterwards, never before; null: never
 * @param body opaque
 */
public record StoredRecord(String id, byte[] rev, Long expiresAt, byte[] body) {}
