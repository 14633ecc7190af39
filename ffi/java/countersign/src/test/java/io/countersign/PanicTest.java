package io.countersign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.store.MemoryStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PanicTest {
  @AfterEach
  void nothingPlanted() {
    Hooks.plant("");
  }

  /** Any arguments: the panic comes before they are looked at. */
  private static byte[] call(Method method) throws ReflectiveOperationException {
    Object[] arguments =
        Stream.of(method.getParameterTypes())
            .map(type -> type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : null)
            .toArray();
    return (byte[]) method.invoke(null, arguments);
  }

  @Test
  void inEveryNativeMethod() throws Exception {
    List<String> planted = new ArrayList<>();
    try (Engine engine = Testing.memory()) {
      for (Method method : Native.class.getDeclaredMethods()) {
        // The version is a constant.
        if (!Modifier.isNative(method.getModifiers()) || method.getName().equals("abi")) continue;
        Hooks.plant(method.getName());
        CountersignException panic = assertThrows(CountersignException.class, () -> Native.checked(call(method)), method.getName());
        assertEquals(ErrorCode.PANIC, panic.code(), method.getName());
        Hooks.plant("");
        // The process lives, and the next call works, or is refused for what it is.
        byte[] next = call(method);
        if (next[0] != 0) assertTrue(ErrorCode.of(java.nio.ByteBuffer.wrap(next).getInt(1)) != ErrorCode.PANIC, method.getName());
        assertEquals(200, engine.handle(Testing.status()).status());
        planted.add(method.getName());
      }
    }
    System.out.println(planted.size() + " methods: " + planted);
    assertTrue(planted.size() >= 15);
  }

  @Test
  void aDefectIsAnExceptionAndTheEngineGoesOn() {
    try (Engine engine = Testing.memory();
        Engine steps = Engine.builder(Testing.key()).store(new MemoryStore()).open().build()) {
      Hooks.plant("handle");
      assertEquals(ErrorCode.PANIC, assertThrows(CountersignException.class, () -> engine.handle(Testing.status())).code());
      Hooks.plant("step");
      assertEquals(ErrorCode.PANIC, assertThrows(CountersignException.class, () -> steps.handle(Testing.createApplication("a"))).code());
      Hooks.plant("check");
      Guard guard = Guard.token(Factors.POSSESSION);
      assertEquals(ErrorCode.PANIC, assertThrows(CountersignException.class, () -> engine.check(guard, Testing.status())).code());
      Hooks.plant("");
      assertEquals(200, engine.handle(Testing.status()).status());
      assertEquals(200, steps.handle(Testing.createApplication("a")).status());
      assertTrue(engine.check(guard, Testing.status()) instanceof Verdict.Refused);
    }
  }
}
