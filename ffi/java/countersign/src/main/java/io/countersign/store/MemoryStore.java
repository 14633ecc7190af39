package io.countersign.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records in memory: for tests, for trying things out, and as the model of what a store does. */
public final class MemoryStore implements Store {
  private record Key(String collection, String id) {}

  private record Row(StoredRecord record, List<IndexEntry> entries) {}

  private record Line(Cursor place, StoredRecord record) {}

  private final Map<Key, Row> rows = new HashMap<>();

  @Override
  public synchronized List<Answer> read(List<Query> queries) {
    List<Answer> answers = new ArrayList<>(queries.size());
    for (Query query : queries) {
      if (query instanceof Query.Scan scan) answers.add(page(scan));
      else if (query instanceof Query.Get get) answers.add(new Answer.Found(record(get.collection(), get.id())));
    }
    return answers;
  }

  @Override
  public synchronized Outcome commit(Batch batch) {
    List<Outcome.Refused> refused = new ArrayList<>();
    for (int position = 0; position < batch.writes().size(); position++) {
      Write write = batch.writes().get(position);
      StoredRecord record = record(write.collection(), write.id());
      byte[] present = record == null ? null : record.rev();
      if (!Arrays.equals(present, write.expect())) refused.add(new Outcome.Refused(position, record));
    }
    if (!refused.isEmpty()) return new Outcome.Conflict(refused);
    for (Write write : batch.writes()) {
      if (write instanceof Write.Put put) {
        Row before = rows.get(key(put));
        List<IndexEntry> present = before == null ? List.of() : before.entries();
        List<IndexEntry> entries = put.entries() == null ? present : distinct(put.entries());
        rows.put(key(put), new Row(new StoredRecord(put.id(), batch.rev(), put.expiresAt(), put.body()), entries));
      } else if (write instanceof Write.Append append) {
        StoredRecord record = new StoredRecord(append.id(), batch.rev(), append.expiresAt(), append.body());
        rows.put(key(append), new Row(record, distinct(append.entries())));
      }
    }
    return Outcome.APPLIED;
  }

  @Override
  public synchronized long purge(long before, int limit) {
    List<Key> due = new ArrayList<>();
    rows.forEach(
        (key, row) -> {
          Long expiresAt = row.record().expiresAt();
          boolean expired = expiresAt != null && Long.compareUnsigned(expiresAt, before) < 0;
          if (expired && due.size() < limit) due.add(key);
        });
    rows.keySet().removeAll(due);
    return due.size();
  }

  /** Number of records. */
  public synchronized int size() {
    return rows.size();
  }

  /** Equal entries are one. */
  private static List<IndexEntry> distinct(List<IndexEntry> entries) {
    List<IndexEntry> distinct = new ArrayList<>();
    for (IndexEntry entry : entries) {
      boolean known =
          distinct.stream()
              .anyMatch(
                  other ->
                      other.index().equals(entry.index())
                          && other.sort() == entry.sort()
                          && Arrays.equals(other.value(), entry.value()));
      if (!known) distinct.add(entry);
    }
    return distinct;
  }

  private static Key key(Write write) {
    return new Key(write.collection(), write.id());
  }

  private StoredRecord record(String collection, String id) {
    Row row = rows.get(new Key(collection, id));
    return row == null ? null : row.record();
  }

  private static final Comparator<Cursor> PLACES =
      ((Comparator<Cursor>) (a, b) -> Long.compareUnsigned(a.sort(), b.sort()))
          .thenComparing(place -> place.id().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private Answer.Page page(Query.Scan scan) {
    Comparator<Cursor> order = scan.newestFirst() ? PLACES.reversed() : PLACES;
    List<Line> lines = new ArrayList<>();
    rows.forEach(
        (key, row) -> {
          if (!key.collection().equals(scan.collection())) return;
          for (IndexEntry entry : row.entries()) {
            Cursor place = new Cursor(entry.sort(), key.id());
            boolean wanted =
                entry.index().equals(scan.index())
                    && Arrays.equals(entry.value(), scan.value())
                    && Long.compareUnsigned(entry.sort(), scan.from()) >= 0
                    && Long.compareUnsigned(entry.sort(), scan.to()) <= 0
                    && (scan.after() == null || order.compare(place, scan.after()) > 0);
            if (wanted) lines.add(new Line(place, row.record()));
          }
        });
    lines.sort(Comparator.comparing(Line::place, order));
    List<Line> page = lines.subList(0, Math.min(scan.limit(), lines.size()));
    Cursor next = page.size() < lines.size() ? page.get(page.size() - 1).place() : null;
    return new Answer.Page(page.stream().map(Line::record).toList(), next);
  }
}
