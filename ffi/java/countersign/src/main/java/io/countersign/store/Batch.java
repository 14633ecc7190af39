package io.countersign.store;

import java.util.List;

/**
 * Writes, all or nothing.
 *
 * @param rev 16 bytes: the revision that every written record gets
 * @param writes in the order of (collection, id), each record once
 */
public record Batch(byte[] rev, List<Write> writes) {}
