package io.countersign.spring;

import io.countersign.Factors;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Only for requests with a token of a phone. It covers nothing of the request: for reading, not for changing. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WithToken {
  /** The combinations of factors that the token may have been made with. */
  Factors[] value() default {
    Factors.POSSESSION,
    Factors.POSSESSION_KNOWLEDGE,
    Factors.POSSESSION_BIOMETRY,
    Factors.POSSESSION_KNOWLEDGE_BIOMETRY
  };

  /** Whether the request is encrypted, too, and the answer to be sealed. */
  boolean encrypted() default false;
}
