package io.countersign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the native library comes from, once per process:
 *
 * <ol>
 *   <li>the file that {@link #use} or the system property {@value #FILE_PROPERTY} names;
 *   <li>the library path of Java ({@code java.library.path});
 *   <li>the jar: extracted into the directory that the system property {@value #DIRECTORY_PROPERTY} names, or into one of
 *       the user's own below the directory for temporary files.
 * </ol>
 *
 * An extracted library is recognised by its hash, and only loaded where no other user could have placed or changed it.
 */
public final class NativeLibrary {
  /** System property: the library, an absolute path. */
  public static final String FILE_PROPERTY = "io.countersign.library";
  /** System property: directory that the library of the jar is extracted to. */
  public static final String DIRECTORY_PROPERTY = "io.countersign.directory";

  /** The interface this package was written for: upper 16 bits equal, lower 16 bits at least as high. */
  static final int ABI = 0x0001_0001;

  private static Path chosen;
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Chooses the file to load. Before the first engine.
   *
   * @param file an absolute path
   * @throws IllegalStateException when a library was loaded
   */
  public static synchronized void use(Path file) {
    if (loaded) throw new IllegalStateException("the native library was loaded before it was chosen");
    if (!file.isAbsolute()) throw new IllegalArgumentException("the path of a library must be absolute");
    chosen = file;
  }

  static synchronized void load() {
    if (loaded) return;
    loadAnywhere();
    loaded = true;
    check(loadedAbi());
  }

  private static void loadAnywhere() {
    String property = System.getProperty(FILE_PROPERTY, "");
    if (chosen != null) {
      System.load(chosen.toString());
    } else if (!property.isEmpty()) {
      System.load(property);
    } else if (!onLibraryPath()) {
      System.load(extracted().toString());
    }
  }

  private static boolean onLibraryPath() {
    try {
      System.loadLibrary("countersign");
      return true;
    } catch (UnsatisfiedLinkError absent) {
      return false;
    }
  }

  private static int loadedAbi() {
    try {
      return Native.abi();
    } catch (UnsatisfiedLinkError absent) {
      throw new UnsatisfiedLinkError("the library \"countersign\" that was found is not made for Java: it lacks the feature \"jni\"");
    }
  }

  /** Refuses a library of another interface. */
  static void check(int abi) {
    if (abi >>> 16 == ABI >>> 16 && (abi & 0xffff) >= (ABI & 0xffff)) return;
    throw new UnsatisfiedLinkError(
        "the native library has interface %s, these classes need %s: take both from the same release"
            .formatted(version(abi), version(ABI)));
  }

  private static String version(int abi) {
    return (abi >>> 16) + "." + (abi & 0xffff);
  }

  private static Path extracted() {
    String name = resource(System.getProperty("os.name"), System.getProperty("os.arch"));
    try (InputStream stream = NativeLibrary.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new UnsatisfiedLinkError(
            "no native library: none on java.library.path, and the jar has no " + name + "; name one with -D" + FILE_PROPERTY);
      }
      String directory = System.getProperty(DIRECTORY_PROPERTY, "");
      Path place = directory.isEmpty() ? Extraction.ownTemporary() : Path.of(directory);
      return new Extraction(place).extract(stream.readAllBytes(), name.substring(name.lastIndexOf('.')));
    } catch (IOException error) {
      UnsatisfiedLinkError refused = new UnsatisfiedLinkError("the native library cannot be extracted: " + error.getMessage());
      refused.initCause(error);
      throw refused;
    }
  }

  /** Name of the resource for an operating system and a processor, as Java names them. */
  static String resource(String system, String processor) {
    String os = system.toLowerCase(Locale.ROOT);
    String family = os.contains("mac") ? "macos" : os.contains("windows") ? "windows" : "linux";
    String arch =
        switch (processor.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "x86-64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> processor.toLowerCase(Locale.ROOT);
        };
    String file =
        switch (family) {
          case "macos" -> "libcountersign.dylib";
          case "windows" -> "countersign.dll";
          default -> "libcountersign.so";
        };
    return "/io/countersign/native/" + family + "-" + arch + "/" + file;
  }
}
