package io.countersign.spring;

import io.countersign.Guard;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Only for encrypted requests; the answer is sealed. The phone has its keys, but its user was asked for nothing. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Encrypted {
  /** Who may have made the envelope. */
  Guard.Scope value() default Guard.Scope.ACTIVATION;
}
