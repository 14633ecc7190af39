package io.countersign.spring;

import io.countersign.Factors;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Only for requests that a phone has signed. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Signed {
  /** The resource id: the text that app and host have agreed on. */
  String value();

  /** The combinations of factors that are accepted. */
  Factors[] factors() default {Factors.POSSESSION_KNOWLEDGE, Factors.POSSESSION_BIOMETRY};

  /** Whether the request is encrypted, too, and the answer to be sealed. */
  boolean encrypted() default false;
}
