package io.tocsin.alerting.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of alerting, PID {@code io.tocsin.alerting}. */
@ObjectClassDefinition(name = "Tocsin alerting", description = "Launching and following alerts")
public @interface AlertingSettings {
    String PID = "io.tocsin.alerting";

    @AttributeDefinition(
            name = "Answer base URL",
            description =
                    "Start of the answer links as people reach it from outside, such as https://alerte.example.fr")
    String answerBaseUrl() default "http://127.0.0.1:8181";

    @AttributeDefinition(name = "Sweep interval", description = "Seconds between two looks for alerts that ended")
    int sweepSeconds() default 3;

    @AttributeDefinition(
            name = "Life of idempotency keys",
            description = "Hours for which the same Idempotency-Key gives the same alert; then it may launch again")
    int idempotencyHours() default 24;
}
