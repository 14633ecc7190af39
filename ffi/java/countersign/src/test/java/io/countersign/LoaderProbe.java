package io.countersign;

/** Run in a process of its own: loads the library and answers a request. */
public final class LoaderProbe {
  private LoaderProbe() {}

  public static void main(String[] arguments) {
    try (Engine engine = Testing.memory()) {
      System.out.println("status " + engine.handle(Testing.status()).status());
    } catch (LinkageError error) {
      System.out.println(error.getMessage());
    }
  }
}
