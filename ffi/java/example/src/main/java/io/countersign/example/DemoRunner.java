package io.countersign.example;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.stereotype.Component;

/** Plays the demo when {@code --demo} says so. */
@Component
class DemoRunner implements ApplicationRunner {
  private final ServletWebServerApplicationContext context;
  private final Enrolment enrolment;

  DemoRunner(ServletWebServerApplicationContext context, Enrolment enrolment) {
    this.context = context;
    this.enrolment = enrolment;
  }

  @Override
  public void run(ApplicationArguments arguments) throws Exception {
    if (!arguments.containsOption("demo")) return;
    new Demo("http://127.0.0.1:" + context.getWebServer().getPort(), System.out).play(enrolment.appConfiguration());
    System.exit(SpringApplication.exit(context));
  }
}
