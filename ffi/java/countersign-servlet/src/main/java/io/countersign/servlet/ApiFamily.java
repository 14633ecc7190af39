package io.countersign.servlet;

/** What callers find below which paths. */
public enum ApiFamily {
  /** For phones: activations, tokens, vault, upgrades. */
  STANDARD("/pa/"),
  /** For phones: operations, inbox, push. */
  MOBILE("/api/auth/", "/api/push/", "/api/inbox/", "/api/activation/"),
  /** For the host's back ends, with credentials of an integration. */
  SERVER("/rest/"),
  /** For the host's back ends, with credentials of an application. */
  CLOUD("/v2/", "/audit/", "/admin/applications", "/internal/"),
  /** For administrators. */
  ADMIN("/admin/operation-texts", "/admin/master-key", "/api/admin/", "/inbox/");

  private final String[] prefixes;

  ApiFamily(String... prefixes) {
    this.prefixes = prefixes;
  }

  /** Whether a path below the mount point is one of the family's. */
  public boolean serves(String path) {
    for (String prefix : prefixes) {
      boolean whole = prefix.endsWith("/") ? path.startsWith(prefix) : path.equals(prefix) || path.startsWith(prefix + "/");
      if (whole) return true;
    }
    return false;
  }
}
