package io.countersign.store;

/**
 * A line of an index: equality on value, order by sort (unsigned), then by id.
 */
public record IndexEntry(String index, byte[] value, long sort) {}
