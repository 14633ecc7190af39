package io.countersign;

import io.countersign.Bytes.Reader;
import io.countersign.Bytes.Writer;
import io.countersign.Request.Header;
import io.countersign.store.Answer;
import io.countersign.store.Batch;
import io.countersign.store.Cursor;
import io.countersign.store.IndexEntry;
import io.countersign.store.Outcome;
import io.countersign.store.Query;
import io.countersign.store.StoredRecord;
import io.countersign.store.Write;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/** Messages to and from the engine as objects. Messages of the engine are read from native answers. */
final class Wire {
  static final int QUERIES = 0x01;
  static final int BATCH = 0x02;
  static final int REPLY = 0x03;
  static final int PASSED = 0x04;
  private static final int REQUEST = 0x20;
  private static final int ANSWERS = 0x11;
  private static final int APPLIED = 0x12;
  private static final int CONFLICT = 0x13;
  private static final int NOT_APPLIED = 0x14;
  private static final int UNKNOWN = 0x15;
  private static final int REVISION = 16;
  private static final int MAX_MESSAGE = 64 << 20;

  private Wire() {}

  static int kind(byte[] answer) {
    return answer[Native.RESULT + 1];
  }

  static byte[] request(Request request) {
    if (request.body().length > MAX_MESSAGE) throw new CountersignException(ErrorCode.LENGTH, "a length is too large: body");
    Writer out = new Writer(REQUEST, 512 + request.body().length);
    out.text(request.method(), "method");
    out.text(request.path(), "path");
    out.optional(request.query(), query -> out.bytes(query.getBytes(StandardCharsets.UTF_8)));
    out.u16(request.headers().size(), "headers");
    for (Header header : request.headers()) {
      out.text(header.name(), "name of a header");
      out.text(header.value(), "value of a header");
    }
    out.bytes(request.body());
    out.optional(request.peer(), peer -> out.text(peer, "peer"));
    return out.finish();
  }

  static Response reply(byte[] answer) {
    Reader in = new Reader(answer);
    int status = in.u16();
    List<Header> headers = in.list(() -> new Header(in.text(), in.text()));
    return new Response(status, headers, in.bytes());
  }

  static Request phoneRequest(byte[] answer) {
    Reader in = new Reader(answer);
    String method = in.text();
    String path = in.text();
    String query = in.optional(in::text);
    List<Header> headers = in.list(() -> new Header(in.text(), in.text()));
    return new Request(method, path, query, headers, in.bytes(), null);
  }

  /** The end of a check; {@code sealer} is kept where there is something to seal, and closed otherwise. */
  static Verdict verdict(byte[] answer, Call sealer, LongSupplier clock) {
    if (kind(answer) != PASSED) {
      if (sealer != null) sealer.close();
      return new Verdict.Refused(reply(answer));
    }
    Reader in = new Reader(answer);
    String application = in.text();
    String version = in.text();
    Caller.Activation activation =
        in.optional(
            () -> new Caller.Activation(in.text(), in.text(), Factors.of(in.u8()), in.list(in::text)));
    byte[] body = in.optional(in::bytes);
    if (body == null && sealer != null) sealer.close();
    return new Verdict.Passed(new Caller(application, version, activation), body, body == null ? null : sealer, clock);
  }

  static List<Query> queries(byte[] answer) {
    Reader in = new Reader(answer);
    return in.list(
        () -> {
          if (in.u8() == 1) return new Query.Get(in.text(), in.text());
          return new Query.Scan(
              in.text(), in.text(), in.bytes(), in.u64(), in.u64(), in.u8() == 1, in.optional(() -> cursor(in)), in.u32());
        });
  }

  private static Cursor cursor(Reader in) {
    return new Cursor(in.u64(), in.text());
  }

  static Batch batch(byte[] answer) {
    Reader in = new Reader(answer);
    return new Batch(in.take(REVISION), in.list(() -> write(in)));
  }

  private static Write write(Reader in) {
    int tag = in.u8();
    String collection = in.text();
    String id = in.text();
    byte[] expect = tag == 3 ? null : in.optional(() -> in.take(REVISION));
    if (tag == 2) return new Write.Check(collection, id, expect);
    byte[] body = in.bytes();
    Long expiresAt = in.optional(in::u64);
    List<IndexEntry> entries = in.optional(() -> in.list(() -> new IndexEntry(in.text(), in.bytes(), in.u64())));
    return tag == 1
        ? new Write.Put(collection, id, expect, body, expiresAt, entries)
        : new Write.Append(collection, id, body, expiresAt, entries);
  }

  static byte[] answers(List<Answer> answers) {
    Writer out = new Writer(ANSWERS);
    out.u16(answers.size(), "answers");
    for (Answer answer : answers) {
      if (answer instanceof Answer.Found found) {
        out.u8(1);
        out.optional(found.record(), record -> record(out, record));
      } else if (answer instanceof Answer.Page page) {
        out.u8(2);
        out.u16(page.records().size(), "page");
        page.records().forEach(record -> record(out, record));
        out.optional(
            page.next(),
            next -> {
              out.u64(next.sort());
              out.text(next.id(), "id");
            });
      }
    }
    return out.finish();
  }

  static byte[] outcome(Outcome outcome) {
    if (outcome instanceof Outcome.Applied) return new Writer(APPLIED).finish();
    List<Outcome.Refused> refused = ((Outcome.Conflict) outcome).refused();
    Writer out = new Writer(CONFLICT);
    out.u16(refused.size(), "conflict");
    refused.stream()
        .sorted(Comparator.comparing(Outcome.Refused::position))
        .forEach(
            it -> {
              out.u16(it.position(), "position");
              out.optional(it.record(), record -> record(out, record));
            });
    return out.finish();
  }

  private static void record(Writer out, StoredRecord record) {
    out.text(record.id(), "id");
    if (record.rev().length != REVISION) throw new IllegalArgumentException("a revision has 16 bytes");
    out.raw(record.rev());
    out.optional(record.expiresAt(), out::u64);
    out.bytes(record.body());
  }

  /** Nothing was written, or nothing could be read. */
  static byte[] notApplied() {
    return failure(NOT_APPLIED);
  }

  /** Something may have been written. */
  static byte[] unknown() {
    return failure(UNKNOWN);
  }

  private static byte[] failure(int kind) {
    Writer out = new Writer(kind);
    out.text("", "detail");
    return out.finish();
  }
}
