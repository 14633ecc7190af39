package io.countersign.differential;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Values of a request, read one after the other. */
final class Fields {
    private final byte[][] all;
    private int next;

    Fields(byte[][] all) {
        this.all = all;
    }

    boolean more() {
        return next < all.length;
    }

    /** Null where the value is absent. */
    byte[] bytes() {
        return all[next++];
    }

    String text() {
        byte[] bytes = bytes();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    Long maybeNumber() {
        byte[] bytes = bytes();
        return bytes == null ? null : ByteBuffer.wrap(bytes).getLong();
    }

    int number() {
        return Math.toIntExact(ByteBuffer.wrap(bytes()).getLong());
    }

    long wide() {
        return ByteBuffer.wrap(bytes()).getLong();
    }

    static byte[][] of(Object... values) {
        byte[][] out = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null) {
                out[i] = null;
            } else if (value instanceof byte[] bytes) {
                out[i] = bytes;
            } else if (value instanceof String text) {
                out[i] = text.getBytes(StandardCharsets.UTF_8);
            } else if (value instanceof Boolean yes) {
                out[i] = new byte[] {(byte) (yes ? 1 : 0)};
            } else if (value instanceof Byte one) {
                out[i] = new byte[] {one};
            } else {
                out[i] = ByteBuffer.allocate(8).putLong(((Number) value).longValue()).array();
            }
        }
        return out;
    }
}
