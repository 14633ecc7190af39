package io.countersign.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A bank's back end with Countersign inside. With {@code --demo} it plays a phone against itself and ends. */
@SpringBootApplication
public class BankApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(BankApplication.class, arguments);
  }
}
