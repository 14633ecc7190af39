package io.countersign.example;

import io.countersign.ApiException;
import io.countersign.Engine;
import io.countersign.api.admin.TextRowInput;
import io.countersign.api.server.ActivationOtpRequest;
import io.countersign.api.server.ApplicationRequest;
import io.countersign.api.server.CommitActivationRequest;
import io.countersign.api.server.CreateApplicationRequest;
import io.countersign.api.server.CreateOperationTemplateRequest;
import io.countersign.api.server.GetApplicationDetailRequest;
import io.countersign.api.server.InitActivation;
import io.countersign.api.server.InitActivationRequest;
import io.countersign.api.server.SignatureType;
import io.countersign.api.server.TemplateRequest;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the bank's web site does for a user who is logged in there: shows the QR code of a new phone, and confirms the phone
 * afterwards. The log-in is left out here.
 */
@RestController
public class Enrolment {
  static final String APPLICATION = "bank";
  static final String PAYMENT = "payment";

  /** What the user's phone scans, and its activation. */
  public record Code(String activationId, String activationCode, String activationSignature) {}

  private final Engine engine;

  public Enrolment(Engine engine) {
    this.engine = engine;
    unlessThere(() -> engine.server().createApplication(new CreateApplicationRequest(new ApplicationRequest(APPLICATION))));
    TemplateRequest payment =
        TemplateRequest.builder()
            .templateName(PAYMENT)
            .operationType(PAYMENT)
            .dataTemplate("A1*A${amount}${currency}*I${iban}")
            .signatureType(List.of(SignatureType.POSSESSION_KNOWLEDGE))
            .maxFailureCount(5L)
            .expiration(300L)
            .build();
    unlessThere(() -> engine.server().createOperationTemplate(new CreateOperationTemplateRequest(payment)));
    // What the phone shows.
    TextRowInput text =
        TextRowInput.builder()
            .placeholder(PAYMENT)
            .language("en")
            .title("Payment")
            .message("Pay ${amount} ${currency} to ${iban}?")
            .build();
    engine.admin().putOperationTexts(List.of(text));
  }

  private static void unlessThere(Runnable create) {
    try {
      create.run();
    } catch (ApiException refused) {
      // There since the last start.
      if (refused.status() != 400) throw refused;
    }
  }

  /** The configuration that the bank's app is built with. */
  String appConfiguration() {
    ApplicationRequest bank = new ApplicationRequest(APPLICATION);
    var detail = engine.server().getApplicationDetail(new GetApplicationDetailRequest(bank)).responseObject();
    return detail.versions().get(0).mobileSdkConfig();
  }

  @PostMapping("/web/phones")
  Code begin(@RequestParam String user) {
    InitActivation init = InitActivation.builder().userId(user).applicationId(APPLICATION).build();
    var made = engine.server().initActivation(new InitActivationRequest(init)).responseObject();
    return new Code(made.activationId(), made.activationCode(), made.activationSignature());
  }

  @PostMapping("/web/phones/{activationId}/confirm")
  void confirm(@PathVariable String activationId) {
    var commit = ActivationOtpRequest.builder().activationId(activationId).build();
    engine.server().commitActivation(new CommitActivationRequest(commit));
  }
}
