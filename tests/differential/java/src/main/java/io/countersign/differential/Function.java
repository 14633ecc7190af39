package io.countersign.differential;

/** Computes something with the published library. */
@FunctionalInterface
interface Function {
    /** Values of the answer; an exception is a refusal. */
    byte[][] call(Fields arguments) throws Exception;
}
