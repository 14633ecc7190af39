package io.countersign.differential;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Reads frames of requests from standard input and answers them on standard output; see {@code tests/differential/peer.rs}. */
public final class Main {
    private static final int ABSENT = -1;

    private record Request(String function, byte[][] arguments) {}

    private record Answer(boolean well, byte[][] values) {}

    private Main() {}

    /** Until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        Security.addProvider(new BouncyCastleProvider());
        PrintStream out = System.out;
        // Whoever prints must not break the frames.
        System.setOut(System.err);
        Map<String, Function> functions = new HashMap<>();
        Signatures.into(functions);
        Envelopes.into(functions);
        Keys.into(functions);
        Codes.into(functions);
        Texts.into(functions);
        DataInputStream input = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream output = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
        while (true) {
            Request[] requests;
            try {
                requests = new Request[input.readInt()];
            } catch (EOFException end) {
                return;
            }
            for (int i = 0; i < requests.length; i++) {
                byte[] name = input.readNBytes(input.readUnsignedByte());
                byte[][] fields = new byte[input.readUnsignedShort()][];
                for (int j = 0; j < fields.length; j++) {
                    int length = input.readInt();
                    fields[j] = length == ABSENT ? null : input.readNBytes(length);
                }
                requests[i] = new Request(new String(name, StandardCharsets.UTF_8), fields);
            }
            Answer[] answers = new Answer[requests.length];
            IntStream.range(0, requests.length)
                    .parallel()
                    .forEach(i -> answers[i] = answer(functions, requests[i]));
            output.writeInt(answers.length);
            for (Answer answer : answers) {
                output.writeByte(answer.well() ? 1 : 0);
                output.writeShort(answer.values().length);
                for (byte[] value : answer.values()) {
                    output.writeInt(value == null ? ABSENT : value.length);
                    if (value != null) {
                        output.write(value);
                    }
                }
            }
            output.flush();
        }
    }

    private static Answer answer(Map<String, Function> functions, Request request) {
        Function function = functions.get(request.function());
        if (function == null) {
            throw new IllegalStateException("no function " + request.function());
        }
        try {
            return new Answer(true, function.call(new Fields(request.arguments())));
        } catch (Exception refusal) {
            return new Answer(false, Fields.of(refusal.getClass().getName() + ": " + refusal.getMessage()));
        }
    }
}
