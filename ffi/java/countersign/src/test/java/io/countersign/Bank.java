package io.countersign;

import io.countersign.api.server.ActivationOtpRequest;
import io.countersign.api.server.ApplicationRequest;
import io.countersign.api.server.CommitActivationRequest;
import io.countersign.api.server.CreateApplicationRequest;
import io.countersign.api.server.GetApplicationDetailRequest;
import io.countersign.api.server.InitActivation;
import io.countersign.api.server.InitActivationRequest;
import java.util.Map;

/** A bank with an application, and phones of its users. */
final class Bank {
  final Engine engine;
  private final Map<String, String> settings;

  Bank(Engine engine) {
    this.engine = engine;
    ApplicationRequest bank = new ApplicationRequest("bank");
    engine.server().createApplication(new CreateApplicationRequest(bank));
    var detail = engine.server().getApplicationDetail(new GetApplicationDetailRequest(bank)).responseObject();
    settings = Map.of("mobileSdkConfig", detail.versions().get(0).mobileSdkConfig());
  }

  /** An active phone with the PIN 1234. */
  TestPhone phone(String user) {
    TestPhone phone = new TestPhone(settings, engine::handle);
    InitActivation init = InitActivation.builder().userId(user).applicationId("bank").build();
    var made = engine.server().initActivation(new InitActivationRequest(init)).responseObject();
    phone.perform("activate", "code", made.activationCode(), "pin", "1234");
    var commit = ActivationOtpRequest.builder().activationId(made.activationId()).build();
    engine.server().commitActivation(new CommitActivationRequest(commit));
    return phone;
  }
}
