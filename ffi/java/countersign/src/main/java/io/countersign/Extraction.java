package io.countersign;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Puts the library into a directory where no other user can place or change a file: the directory is ours with rights for
 * nobody else to write, and so is everything above it, or sticky as /tmp, or the administrator's.
 */
final class Extraction {
  private static final int OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;

  private final Path directory;
  private final boolean posix;

  Extraction(Path directory) throws IOException {
    this.posix = directory.getFileSystem().supportedFileAttributeViews().contains("unix");
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) create(directory);
    // Links above are followed here, once: what is checked and used below is where they led.
    this.directory = directory.toRealPath();
    if (!Files.isDirectory(this.directory)) throw new IOException(directory + " is not a directory");
    if (posix) refuseOthers();
  }

  /** The user's own directory below the one for temporary files. */
  static Path ownTemporary() {
    return Path.of(System.getProperty("java.io.tmpdir"), "countersign-" + System.getProperty("user.name"));
  }

  /** The file with exactly these bytes. */
  Path extract(byte[] library, String suffix) throws IOException {
    Path file = directory.resolve("countersign-" + hash(library) + suffix);
    if (isIntact(file, library)) return file;
    Path made = Files.createTempFile(directory, "countersign-", ".part", onlyFor("rw-------"));
    try {
      Files.write(made, library, StandardOpenOption.TRUNCATE_EXISTING);
      // Several processes may do this at once; each moves the same bytes into place.
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
    if (!isIntact(file, library)) throw new IOException(file + " changed while it was written");
    return file;
  }

  private boolean isIntact(Path file, byte[] library) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return false;
    if (posix && (owner(file) != self() || (mode(file) & OTHERS_WRITE) != 0)) return false;
    return MessageDigest.isEqual(sha256(Files.readAllBytes(file)), sha256(library));
  }

  private void create(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, onlyFor("rwx------"));
    } catch (FileAlreadyExistsException raced) {
      // Another process of ours, or somebody else: judged as any directory that is there.
    }
  }

  private FileAttribute<?>[] onlyFor(String permissions) {
    if (!posix) return new FileAttribute<?>[0];
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))};
  }

  private void refuseOthers() throws IOException {
    int self = self();
    if (owner(directory) != self) throw new IOException(directory + " belongs to another user");
    if ((mode(directory) & OTHERS_WRITE) != 0) throw new IOException(directory + " can be written by other users");
    for (Path above = directory.getParent(); above != null; above = above.getParent()) {
      boolean safe = (mode(above) & OTHERS_WRITE) == 0 || (mode(above) & STICKY) != 0;
      if (!safe || !(owner(above) == 0 || owner(above) == self)) {
        throw new IOException(above + ", above " + directory + ", can be changed by other users");
      }
    }
  }

  /** Who we are, as the owner of a file of ours. */
  private int self() throws IOException {
    Path probe = Files.createTempFile("countersign-", ".who", onlyFor("rw-------"));
    try {
      return owner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  private static int owner(Path path) throws IOException {
    return (int) attributes(path).get("uid");
  }

  private static int mode(Path path) throws IOException {
    return (int) attributes(path).get("mode");
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
  }

  private static String hash(byte[] library) {
    return HexFormat.of().formatHex(sha256(library));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
