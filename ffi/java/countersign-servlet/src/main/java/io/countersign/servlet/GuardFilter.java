package io.countersign.servlet;

import io.countersign.Caller;
import io.countersign.Engine;
import io.countersign.Guard;
import io.countersign.Request;
import io.countersign.Verdict;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets only those requests of phones through that satisfy the route's {@link Guard}; the others get the engine's refusal.
 * Behind it the caller is {@link #caller}, the body is what was signed or, of an encrypted request, what the envelope
 * contained, and an answer with status 200 to an encrypted request is sealed. Other answers go out as they are.
 */
public class GuardFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private static final String CALLER = Caller.class.getName();
  private static final String GUARD = Guard.class.getName();

  /** Says what a request must satisfy. */
  @FunctionalInterface
  public interface Routes {
    /** The guard of the route that will serve this request; null for one that is not protected. */
    Guard of(HttpServletRequest request) throws ServletException;
  }

  private final transient Engine engine;
  private final transient Routes routes;

  /** Over the engine that knows the phones. */
  public GuardFilter(Engine engine, Routes routes) {
    this.engine = engine;
    this.routes = routes;
  }

  /** Who called; null where the route is not protected. */
  public static Caller caller(HttpServletRequest request) {
    return (Caller) request.getAttribute(CALLER);
  }

  /** The guard that the request has passed; null for none. */
  public static Guard passed(HttpServletRequest request) {
    return (Guard) request.getAttribute(GUARD);
  }

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Guard guard = routes.of(request);
    if (guard == null) {
      chain.doFilter(request, response);
      return;
    }
    Request read = Exchange.read(request, request.getRequestURI(), guard.maxBody());
    Verdict verdict = engine.check(guard, read);
    if (verdict instanceof Verdict.Refused refused) {
      Exchange.write(refused.response(), response);
    } else if (verdict instanceof Verdict.Passed passed) {
      try (passed) {
        request.setAttribute(CALLER, passed.caller());
        request.setAttribute(GUARD, guard);
        pass(passed, read, request, response, chain);
      }
    }
  }

  private static void pass(
      Verdict.Passed passed, Request read, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (passed.body() == null) {
      chain.doFilter(new BodyRequest(request, read.body()), response);
      return;
    }
    HeldResponse held = new HeldResponse(response);
    chain.doFilter(new BodyRequest(request, passed.body()), held);
    if (held.getStatus() == HttpServletResponse.SC_OK) {
      Exchange.write(passed.seal(held.body()), response);
    } else {
      held.release();
    }
  }
}
