package io.countersign.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** An answer that waits until it is sealed: nothing of its body goes out before. */
final class HeldResponse extends HttpServletResponseWrapper {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private PrintWriter writer;
  private int error;
  private String errorText;

  HeldResponse(HttpServletResponse response) {
    super(response);
  }

  byte[] body() {
    if (writer != null) writer.flush();
    return bytes.toByteArray();
  }

  /** Sends it as it is. */
  void release() throws IOException {
    if (error != 0) {
      super.sendError(error, errorText);
      return;
    }
    byte[] body = body();
    super.setContentLength(body.length);
    super.getOutputStream().write(body);
  }

  @Override
  public int getStatus() {
    return error != 0 ? error : super.getStatus();
  }

  @Override
  public void sendError(int status) {
    sendError(status, null);
  }

  @Override
  public void sendError(int status, String text) {
    error = status;
    errorText = text;
    resetBuffer();
  }

  @Override
  public void setContentLength(int length) {
    // That of the sealed one is another.
  }

  @Override
  public void setContentLengthLong(long length) {
    // As above.
  }

  @Override
  public void flushBuffer() {
    // Nothing goes out yet.
  }

  @Override
  public void resetBuffer() {
    bytes.reset();
  }

  @Override
  public boolean isCommitted() {
    return error != 0;
  }

  @Override
  public PrintWriter getWriter() {
    if (writer == null) writer = new PrintWriter(new OutputStreamWriter(bytes, Charset.forName(getCharacterEncoding())));
    return writer;
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return new ServletOutputStream() {
      @Override
      public void write(int value) {
        bytes.write(value);
      }

      @Override
      public void write(byte[] buffer, int from, int length) {
        bytes.write(buffer, from, length);
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new IllegalStateException("a protected route answers before it returns");
      }
    };
  }
}
