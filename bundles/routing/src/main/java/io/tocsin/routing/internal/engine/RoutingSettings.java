package io.tocsin.routing.internal.engine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of dispatch, PID {@code io.tocsin.routing}. */
@ObjectClassDefinition(name = "Tocsin routing")
public @interface RoutingSettings {

    @AttributeDefinition(description = "This node's name, unique among the nodes; empty: the container's (karaf.name)")
    String node() default "";

    @AttributeDefinition(description = "How long a lease on a batch lasts when it is not renewed, in seconds")
    int leaseSeconds() default 15;

    @AttributeDefinition(
            description = "Most messages whose intent is made durable at once; a channel's window limits it too")
    int microBatch() default 250;

    @AttributeDefinition(description = "Most observations recorded in one transaction")
    int groupSize() default 1000;

    @AttributeDefinition(description = "Longest an observation waits for others to be recorded with, in milliseconds")
    int groupMillis() default 50;

    @AttributeDefinition(
            description = "How long a channel has to say what became of a message, in seconds; then it is in doubt")
    int sendTimeoutSeconds() default 20;

    @AttributeDefinition(
            description =
                    "How long a life-safety message in doubt waits for a receipt before it is sent again, in seconds")
    int inDoubtGraceSeconds() default 30;

    @AttributeDefinition(description = "The same for an operational message; one of information is never sent again")
    int operationalInDoubtGraceSeconds() default 300;

    @AttributeDefinition(description = "Delay before the first retry of a message, in seconds; doubles at each")
    int retryBaseSeconds() default 5;

    @AttributeDefinition(description = "Longest delay before a retry, in seconds")
    int retryCapSeconds() default 300;

    @AttributeDefinition(description = "Days that attempts are kept")
    int attemptRetentionDays() default 1095;

    @AttributeDefinition(description = "Days that a carrier's message ids and unmatched receipts are kept")
    int carrierReferenceDays() default 7;

    @AttributeDefinition(
            description =
                    "How long a new version of a channel may take until every account is well with it, in seconds; then the one before it stays")
    int swapProvingSeconds() default 30;

    @AttributeDefinition(
            description =
                    "How long the version before stays open after a new one took over, in case that fails, in seconds")
    int swapWatchSeconds() default 10;
}
