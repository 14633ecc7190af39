package io.countersign.servlet;

import io.countersign.Request;
import io.countersign.Request.Header;
import io.countersign.Response;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Requests and answers of servlets as the engine's. */
final class Exchange {
  private Exchange() {}

  /** With at most one byte more of the body than is allowed, so that the engine refuses what is larger. */
  static Request read(HttpServletRequest request, String path, int maxBody) throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) headers.add(new Header(name, value));
    }
    byte[] body = request.getInputStream().readNBytes(maxBody + 1);
    return new Request(request.getMethod(), path, request.getQueryString(), headers, body, request.getRemoteAddr());
  }

  static void write(Response answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    for (Header header : answer.headers()) response.setHeader(header.name(), header.value());
    response.setContentLength(answer.body().length);
    response.getOutputStream().write(answer.body());
  }
}
