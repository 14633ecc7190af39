package io.countersign.example;

import io.countersign.Caller;
import io.countersign.Engine;
import io.countersign.api.server.CreateOperation;
import io.countersign.api.server.CreateOperationRequest;
import io.countersign.api.server.OperationDetail;
import io.countersign.api.server.OperationDetailRequest;
import io.countersign.api.server.OperationName;
import io.countersign.spring.Encrypted;
import io.countersign.spring.Signed;
import io.countersign.spring.WithToken;
import java.math.BigDecimal;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Routes for phones, each with the protection it needs, and the payment that a web site asks the phone for. */
@RestController
public class Payments {
  /** Money on its way. */
  public record Transfer(String iban, BigDecimal amount) {}

  /** Who has sent how much. */
  public record Receipt(String user, String iban, BigDecimal amount, String factors) {}

  /** What a user has. */
  public record Balance(String user, BigDecimal amount) {}

  /** What only the phone can read. */
  public record Note(String user, String text) {}

  /** A payment that waits for the phone, or does not any more. */
  public record Payment(String id, String status) {}

  private final Engine engine;

  public Payments(Engine engine) {
    this.engine = engine;
  }

  /** Read with a token: nobody is asked for a PIN. */
  @WithToken
  @GetMapping("/app/balance")
  Balance balance(Caller caller) {
    return new Balance(caller.activation().userId(), new BigDecimal("1500.00"));
  }

  /** Signed with phone and PIN or biometry: amount and account are covered. */
  @Signed("/transfer")
  @PostMapping("/app/transfer")
  Receipt transfer(@RequestBody Transfer transfer, Caller caller) {
    Caller.Activation phone = caller.activation();
    return new Receipt(phone.userId(), transfer.iban(), transfer.amount(), phone.factors().toString());
  }

  /** Encrypted by the phone, and so is the answer. */
  @Encrypted
  @PostMapping("/app/note")
  Note note(@RequestBody Map<String, String> note, Caller caller) {
    return new Note(caller.activation().userId(), note.get("text"));
  }

  /** The web site asks for an approval on the phone. */
  @PostMapping("/web/payments")
  Payment pay(@RequestParam String user, @RequestBody Transfer transfer) {
    CreateOperation operation =
        CreateOperation.builder()
            .userId(user)
            .applicationId(Enrolment.APPLICATION)
            .templateName(Enrolment.PAYMENT)
            .parameters(
                Map.of("amount", transfer.amount().toPlainString(), "currency", "EUR", "iban", transfer.iban()))
            .build();
    return payment(engine.server().createOperation(new CreateOperationRequest(operation)).responseObject());
  }

  /** The web site looks whether it was approved. */
  @GetMapping("/web/payments/{id}")
  Payment payment(@PathVariable String id) {
    OperationName name = OperationName.builder().operationId(id).build();
    return payment(engine.server().operationDetail(new OperationDetailRequest(name)).responseObject());
  }

  private static Payment payment(OperationDetail operation) {
    return new Payment(operation.id(), operation.status().value());
  }
}
