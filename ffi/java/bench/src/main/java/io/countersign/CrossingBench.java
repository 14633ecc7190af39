package io.countersign;

import io.countersign.api.server.ActivationOtpRequest;
import io.countersign.api.server.ApplicationRequest;
import io.countersign.api.server.CommitActivationRequest;
import io.countersign.api.server.CreateApplicationRequest;
import io.countersign.api.server.GetApplicationDetailRequest;
import io.countersign.api.server.InitActivation;
import io.countersign.api.server.InitActivationRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to cross into the library; benches/crossing.rs does the same in Rust. Of a verification the library itself
 * tells how much of the time was its own: the rest is what Java and the way there add.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CrossingBench {
  private static final byte[] BODY = "{\"iban\":\"CZ65\"}".getBytes(StandardCharsets.UTF_8);
  private static final int SIGNATURES = 5_000;
  private static final Guard TRANSFER = Guard.signature("/transfer", Factors.POSSESSION_KNOWLEDGE);

  private Engine engine;
  private TestPhone phone;
  private Request status;
  private Request missing;

  /** An active phone, and requests of about 500 bytes. */
  @Setup
  public void open() {
    byte[] key = new byte[SealingKey.LENGTH];
    engine = Engine.builder(new SealingKey(1, key)).memory().open().build();
    ApplicationRequest bank = new ApplicationRequest("bank");
    engine.server().createApplication(new CreateApplicationRequest(bank));
    var detail = engine.server().getApplicationDetail(new GetApplicationDetailRequest(bank)).responseObject();
    phone = new TestPhone(Map.of("mobileSdkConfig", detail.versions().get(0).mobileSdkConfig()), engine::handle);
    InitActivation init = InitActivation.builder().userId("alice").applicationId("bank").build();
    var made = engine.server().initActivation(new InitActivationRequest(init)).responseObject();
    phone.perform("activate", "code", made.activationCode(), "pin", "1234");
    var commit = ActivationOtpRequest.builder().activationId(made.activationId()).build();
    engine.server().commitActivation(new CommitActivationRequest(commit));
    String body = "{\"requestObject\":{\"applicationId\":\"none\",\"padding\":\"" + "x".repeat(400) + "\"}}";
    missing = Request.json("/rest/v3/application/detail", body);
    status = Request.json("/rest/v3/status", "{\"padding\":\"" + "x".repeat(400) + "\"}");
  }

  /** A signature counts once: each check gets its own, made before the time is taken. */
  @State(Scope.Thread)
  public static class Signed {
    final Request[] requests = new Request[SIGNATURES];

    /** As many as one iteration uses up. */
    @Setup(Level.Iteration)
    public void sign(CrossingBench bench) {
      for (int i = 0; i < SIGNATURES; i++) {
        Request.Header header = bench.phone.signature("POST", "/transfer", BODY, "1234");
        requests[i] = new Request("POST", "/api/transfer", null, List.of(header), BODY, null);
      }
      Inside.spent();
    }

    /** The part of Rust, to be taken from the score. */
    @TearDown(Level.Iteration)
    public void tell() {
      System.out.printf("[inside: %.3f ns/op] ", (double) Inside.spent() / SIGNATURES);
    }
  }

  @TearDown
  public void close() {
    phone.close();
    engine.close();
  }

  /** Nothing but the way there. */
  @Benchmark
  public int empty() {
    return Native.abi();
  }

  /** An array in, an error out. */
  @Benchmark
  public byte[] refused() {
    return Native.lane(77);
  }

  /** 500 bytes in, an answer that needs nothing. */
  @Benchmark
  public Response status() {
    return engine.handle(status);
  }

  /** 500 bytes in, one read from the store, a refusal out. */
  @Benchmark
  public Response detail() {
    return engine.handle(missing);
  }

  /** Whole verifications, with their commits. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OperationsPerInvocation(SIGNATURES)
  @Warmup(iterations = 10)
  @Measurement(iterations = 10)
  public void signature(Signed signed) {
    for (Request request : signed.requests) {
      if (engine.check(TRANSFER, request) instanceof Verdict.Refused) throw new IllegalStateException("refused");
    }
  }
}
