package io.countersign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderTest {
  private static final byte[] LIBRARY = {1, 2, 3};

  @TempDir Path folder;

  @BeforeEach
  void onlyOurs() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void extractsOnceAndRepairs() throws IOException {
    Path place = folder.resolve("native");
    Path file = new Extraction(place).extract(LIBRARY, ".so");
    assertArrayEquals(LIBRARY, Files.readAllBytes(file));
    assertEquals("rwx------", permissions(place));
    assertEquals("rw-------", permissions(file));
    Object made = Files.getAttribute(file, "unix:ino");
    assertEquals(file, new Extraction(place).extract(LIBRARY, ".so"));
    assertEquals(made, Files.getAttribute(file, "unix:ino"));
    // Changed, or changeable by others: not what is loaded.
    Files.write(file, new byte[] {9});
    assertArrayEquals(LIBRARY, Files.readAllBytes(new Extraction(place).extract(LIBRARY, ".so")));
    permit(file, "rw-rw-rw-");
    new Extraction(place).extract(LIBRARY, ".so");
    assertEquals("rw-------", permissions(file));
    // A link to somebody else's file.
    Path elsewhere = Files.write(folder.resolve("elsewhere"), LIBRARY);
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    assertEquals(file, new Extraction(place).extract(LIBRARY, ".so"));
    assertTrue(Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS));
    // Another library beside it; nothing half-written is left.
    new Extraction(place).extract(new byte[] {4}, ".so");
    try (var files = Files.list(place)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void manyAtOnceExtractTheSame() {
    List<CompletableFuture<Path>> all = new ArrayList<>();
    for (int number = 0; number < 32; number++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new Extraction(folder.resolve("native")).extract(LIBRARY, ".so");
                } catch (IOException error) {
                  throw new java.io.UncheckedIOException(error);
                }
              }));
    }
    assertEquals(1, all.stream().map(CompletableFuture::join).distinct().count());
  }

  @Test
  void refusesWhatOthersCanChange() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    permit(open, "rwxrwxrwx");
    assertRefused(open, "can be written by other users");
    Path below = Files.createDirectory(open.resolve("below"));
    permit(below, "rwx------");
    assertRefused(below, "can be changed by other users");
    // A link is judged by where it leads.
    Path link = Files.createSymbolicLink(folder.resolve("link"), open);
    assertRefused(link, "can be written by other users");
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused(file, "is not a directory");
    Files.setAttribute(open, "unix:mode", 01777);
    new Extraction(below).extract(LIBRARY, ".so");
    if (System.getProperty("user.name").equals("root")) {
      Path foreign = Files.createDirectory(folder.resolve("foreign"));
      Files.setAttribute(foreign, "unix:uid", 4242);
      assertRefused(foreign, "belongs to another user");
      Files.setAttribute(open, "unix:uid", 4242);
      assertRefused(below, "can be changed by other users");
    }
  }

  private static void assertRefused(Path directory, String why) {
    IOException refused = assertThrows(IOException.class, () -> new Extraction(directory));
    assertTrue(refused.getMessage().endsWith(why), refused::getMessage);
  }

  @Test
  void namesOfResources() {
    assertEquals("/io/countersign/native/linux-x86_64/libcountersign.so", NativeLibrary.resource("Linux", "amd64"));
    assertEquals("/io/countersign/native/macos-aarch64/libcountersign.dylib", NativeLibrary.resource("Mac OS X", "aarch64"));
    assertEquals("/io/countersign/native/windows-x86_64/countersign.dll", NativeLibrary.resource("Windows 11", "amd64"));
  }

  @Test
  void interfacesMustFit() {
    NativeLibrary.check(NativeLibrary.ABI);
    NativeLibrary.check(NativeLibrary.ABI + 1);
    for (int other : new int[] {NativeLibrary.ABI + 0x1_0000, NativeLibrary.ABI - 0x1_0000, 0, -1}) {
      assertThrows(UnsatisfiedLinkError.class, () -> NativeLibrary.check(other));
    }
  }

  @Test
  void aLibraryCannotBeChosenTwice() {
    Testing.memory().close();
    assertThrows(IllegalStateException.class, () -> NativeLibrary.use(Path.of("/lib.so")));
  }

  /** What a new process says, with these options and this folder before the class path. */
  private static String probe(Path before, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", before + File.pathSeparator + classes, LoaderProbe.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return said.strip();
  }

  @Test
  void fromEachPlace() throws Exception {
    Path library = Path.of(System.getProperty(NativeLibrary.FILE_PROPERTY));
    Path jar = Files.createDirectory(folder.resolve("jar"));
    assertEquals("status 200", probe(jar, "-D" + NativeLibrary.FILE_PROPERTY + "=" + library));
    assertEquals("status 200", probe(jar, "-Djava.library.path=" + library.getParent()));
    // A processor that no jar has a library for.
    String nowhere = probe(jar, "-Djava.library.path=" + folder, "-Dos.arch=none");
    assertTrue(nowhere.startsWith("no native library: none on java.library.path"), nowhere);
    String name = NativeLibrary.resource(System.getProperty("os.name"), System.getProperty("os.arch"));
    Path resource = jar.resolve(name.substring(1));
    Files.createDirectories(resource.getParent());
    Files.copy(library, resource);
    Path place = folder.resolve("native");
    String extracted = "-D" + NativeLibrary.DIRECTORY_PROPERTY + "=" + place;
    assertEquals("status 200", probe(jar, "-Djava.library.path=" + folder, extracted));
    try (var files = Files.list(place)) {
      assertEquals(1, files.count());
    }
    permit(place, "rwxrwxrwx");
    String refused = probe(jar, "-Djava.library.path=" + folder, extracted);
    assertEquals("the native library cannot be extracted: " + place.toRealPath() + " can be written by other users", refused);
  }

  @Test
  void anotherInterfaceIsRefusedWithAClearText() throws Exception {
    String function = "int Java_io_countersign_Native_abi(void *env, void *class) { return 0x00020000; }";
    String option = "-D" + NativeLibrary.FILE_PROPERTY + "=" + compile(function);
    assertEquals(
        "the native library has interface 2.0, these classes need 1.1: take both from the same release",
        probe(folder, option));
    String without = probe(folder, "-D" + NativeLibrary.FILE_PROPERTY + "=" + compile("int nothing;"));
    assertTrue(without.contains("it lacks the feature \"jni\""), without);
  }

  private Path compile(String source) throws Exception {
    Path code = Files.writeString(folder.resolve("other.c"), source);
    Path library = folder.resolve("libother.so");
    Process cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), code.toString()).inheritIO().start();
    assertEquals(0, cc.waitFor());
    return library;
  }
}
