package io.countersign.store;

/**
 * A place in a scan: that of the entry with this sort, unsigned, and id.
 */
public record Cursor(long sort, String id) {}
