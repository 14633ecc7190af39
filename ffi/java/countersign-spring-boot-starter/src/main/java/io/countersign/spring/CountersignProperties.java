package io.countersign.spring;

import io.countersign.servlet.ApiFamily;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Settings below {@code countersign}. */
@ConfigurationProperties("countersign")
public class CountersignProperties {
  /** Where records are. */
  public enum StoreKind {
    /** In memory, gone with the process. */
    MEMORY,
    /** In a SQLite file. */
    SQLITE,
    /** In the PostgreSQL of the application's DataSource; needs countersign-jdbc. */
    JDBC,
    /** In a bean of type Store or AsyncStore. */
    BEAN
  }

  /** The sealing key: 32 random bytes in Base64. */
  private String sealingKey;
  /** Number of the sealing key, written into everything it seals. */
  private int sealingKeyId = 1;
  private StoreKind store = StoreKind.MEMORY;
  /** The file of a SQLITE store. */
  private Path sqliteFile;
  /** Whether JDBC creates its tables, or brings them to the newest layout. */
  private boolean migrate = true;
  /** Below which path the APIs are mounted, such as /countersign. */
  private String prefix = "";
  /** Which API families callers of this server may reach. */
  private Set<ApiFamily> apis = EnumSet.of(ApiFamily.STANDARD, ApiFamily.MOBILE);
  /** The server API needs no credentials: for calls inside the process. Refused when it is mounted. */
  private boolean open = true;

  public String getSealingKey() {
    return sealingKey;
  }

  public void setSealingKey(String sealingKey) {
    this.sealingKey = sealingKey;
  }

  public int getSealingKeyId() {
    return sealingKeyId;
  }

  public void setSealingKeyId(int sealingKeyId) {
    this.sealingKeyId = sealingKeyId;
  }

  public StoreKind getStore() {
    return store;
  }

  public void setStore(StoreKind store) {
    this.store = store;
  }

  public Path getSqliteFile() {
    return sqliteFile;
  }

  public void setSqliteFile(Path sqliteFile) {
    this.sqliteFile = sqliteFile;
  }

  public boolean isMigrate() {
    return migrate;
  }

  public void setMigrate(boolean migrate) {
    this.migrate = migrate;
  }

  public String getPrefix() {
    return prefix;
  }

  public void setPrefix(String prefix) {
    this.prefix = prefix;
  }

  public Set<ApiFamily> getApis() {
    return apis;
  }

  public void setApis(Set<ApiFamily> apis) {
    this.apis = apis;
  }

  public boolean isOpen() {
    return open;
  }

  public void setOpen(boolean open) {
    this.open = open;
  }
}
