package io.countersign.spring;

import io.countersign.Caller;
import io.countersign.Guard;
import io.countersign.servlet.GuardFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Guards from the annotations of controllers. The filter asks for the method that will serve a request before it reads the
 * body; right before the method is called, the interceptor makes sure that this method's guard was passed, whatever has
 * happened on the way: forwards, other filters, other mappings.
 */
final class AnnotatedRoutes implements GuardFilter.Routes, HandlerInterceptor, HandlerMethodArgumentResolver {
  private static final Object OPEN = new Object();

  private final Supplier<RequestMappingHandlerMapping> mapping;
  private final Map<Method, Object> guards = new ConcurrentHashMap<>();

  /** The mapping is asked for late: it wants the interceptor first. */
  AnnotatedRoutes(Supplier<RequestMappingHandlerMapping> mapping) {
    this.mapping = mapping;
  }

  @Override
  public Guard of(HttpServletRequest request) throws ServletException {
    boolean parsed = ServletRequestPathUtils.hasParsedRequestPath(request);
    if (!parsed) ServletRequestPathUtils.parseAndCache(request);
    try {
      HandlerExecutionChain chain = mapping.get().getHandler(request);
      return chain == null ? null : guard(chain.getHandler());
    } catch (ServletException refused) {
      // Another method, or a type that is not accepted: Spring answers that, and calls nobody.
      return null;
    } catch (Exception error) {
      throw new ServletException(error);
    } finally {
      if (!parsed) ServletRequestPathUtils.clearParsedRequestPath(request);
    }
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
    Guard guard = guard(handler);
    if (guard == null || GuardFilter.passed(request) == guard) return true;
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    return false;
  }

  private Guard guard(Object handler) {
    if (!(handler instanceof HandlerMethod method)) return null;
    Object guard = guards.computeIfAbsent(method.getMethod(), AnnotatedRoutes::read);
    return guard == OPEN ? null : (Guard) guard;
  }

  private static Object read(Method method) {
    List<Guard> found = new ArrayList<>();
    Signed signed = AnnotatedElementUtils.findMergedAnnotation(method, Signed.class);
    if (signed != null) {
      Guard guard = Guard.signature(signed.value(), signed.factors());
      found.add(signed.encrypted() ? guard.encrypted() : guard);
    }
    WithToken token = AnnotatedElementUtils.findMergedAnnotation(method, WithToken.class);
    if (token != null) {
      Guard guard = Guard.token(token.value());
      found.add(token.encrypted() ? guard.encrypted() : guard);
    }
    Encrypted encrypted = AnnotatedElementUtils.findMergedAnnotation(method, Encrypted.class);
    if (encrypted != null) found.add(Guard.encryption(encrypted.value()));
    if (found.size() > 1) throw new IllegalStateException(method + " has more than one protection");
    return found.isEmpty() ? OPEN : found.get(0);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Caller.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter, ModelAndViewContainer container, NativeWebRequest request, WebDataBinderFactory factory) {
    Caller caller = GuardFilter.caller(request.getNativeRequest(HttpServletRequest.class));
    if (caller == null) throw new IllegalStateException("a caller is known on protected routes only");
    return caller;
  }
}
