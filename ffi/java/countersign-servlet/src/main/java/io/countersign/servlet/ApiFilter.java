package io.countersign.servlet;

import io.countersign.Engine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** Mounts API families of an engine under a prefix. Everything else goes on down the chain. */
public class ApiFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /** What the engine reads at most, in bytes. */
  private static final int MAX_BODY = 64 << 10;

  private final transient Engine engine;
  private final String prefix;
  private final EnumSet<ApiFamily> families;

  /**
   * A filter.
   *
   * @param prefix such as {@code /countersign}; empty for none
   * @param families those that callers of this server may reach: usually only what phones need
   */
  public ApiFilter(Engine engine, String prefix, Set<ApiFamily> families) {
    if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
      throw new IllegalArgumentException("a prefix begins with a slash and does not end with one");
    }
    this.engine = engine;
    this.prefix = prefix;
    this.families = families.isEmpty() ? EnumSet.noneOf(ApiFamily.class) : EnumSet.copyOf(families);
  }

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String mount = request.getContextPath() + prefix;
    String uri = request.getRequestURI();
    String path = uri.startsWith(mount) ? uri.substring(mount.length()) : "";
    if (families.stream().noneMatch(family -> family.serves(path))) {
      chain.doFilter(request, response);
      return;
    }
    Exchange.write(engine.handle(Exchange.read(request, path, MAX_BODY)), response);
  }
}
