import type { Pool } from 'pg';
import type { Batch, Outcome, Page, Query, Store, StoredRecord } from './index';

/** Records in PostgreSQL, in the tables of the Rust adapter. */
export class PostgresStore implements Store {
  private constructor();
  /**
   * Prepares the tables in the schema where connections look first. The store does not end the pool; its connections
   * must go to the primary. Rejects with `store_open` when the database cannot be used: its tables are of a newer
   * version, or it does not promise durability.
   */
  static open(pool: Pool): Promise<PostgresStore>;
  read(queries: Query[]): Promise<(StoredRecord | null | Page)[]>;
  commit(batch: Batch): Promise<Outcome>;
  purge(before: bigint, limit: number): Promise<number>;
}
