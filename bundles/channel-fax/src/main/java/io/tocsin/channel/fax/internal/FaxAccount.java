package io.tocsin.channel.fax.internal;

import java.time.Duration;
import java.util.Optional;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a fax account as accounts write them. {@link FaxSettings} checks what they say together. */
@ObjectClassDefinition(
        name = "fax account",
        description = "Fax lines of an Asterisk switch, over its manager interface")
interface FaxAccount {

    @AttributeDefinition(description = "the switch's host name or address", max = "255")
    String host();

    @AttributeDefinition(
            description = "the port of its manager interface (manager.conf)",
            min = "1",
            max = "65535",
            defaultValue = "5038")
    int port();

    @AttributeDefinition(description = "the user of manager.conf", max = "64")
    String user();

    @AttributeDefinition(type = AttributeType.PASSWORD, description = "that user's secret", max = "64")
    String password();

    @AttributeDefinition(
            description = "how a number is dialled: technology, {number} and trunk",
            defaultValue = "PJSIP/{number}@trunk",
            max = "128")
    String dial();

    @AttributeDefinition(
            description =
                    "how the trunk wants numbers: +33199001234, 33199001234, 0033199001234, or 0199001234 within the"
                            + " country of the caller-id",
            options = {@Option("plus"), @Option("digits"), @Option("00"), @Option("national")},
            defaultValue = "plus")
    String numbers();

    @AttributeDefinition(description = "faxes under way at once", min = "1", max = "1000", defaultValue = "4")
    int lines();

    @AttributeDefinition(
            description = "the fax number that is shown, in E.164 such as +33199001234; never a mobile one",
            max = "16")
    String callerId();

    @AttributeDefinition(
            description = "what our machine calls itself to the other, digits and spaces; by itself the caller-id",
            max = "20",
            required = false)
    Optional<String> stationId();

    @AttributeDefinition(
            description = "who sends, at the top of each page, where the message does not say",
            max = "60",
            required = false)
    Optional<String> header();

    @AttributeDefinition(
            description = "fine (204 × 196 dpi) or standard (204 × 98, half as long on the line)",
            options = {@Option("fine"), @Option("standard")},
            defaultValue = "fine")
    String resolution();

    @AttributeDefinition(description = "longer faxes are rejected", min = "1", max = "200", defaultValue = "20")
    int maxPages();

    @AttributeDefinition(
            description = "a call is ended after so long, whatever it does",
            min = "30s",
            max = "55m",
            defaultValue = "10m")
    Duration longest();

    @AttributeDefinition(description = "how long it may ring", min = "5s", max = "2m", defaultValue = "1m")
    Duration ringing();

    @AttributeDefinition(
            description = "true to ask for T.38, with G.711 where the other side has none; false for G.711 alone",
            defaultValue = "true")
    boolean t38();

    @AttributeDefinition(description = "a folder that this node writes and the switch reads", max = "100")
    String spool();

    @AttributeDefinition(
            description = "the path of that folder on the switch, if it is another there",
            max = "100",
            required = false)
    Optional<String> spoolOnSwitch();

    @AttributeDefinition(description = "wait after busy", min = "10s", max = "1h", defaultValue = "3m")
    Duration busyRetry();

    @AttributeDefinition(description = "wait after no answer", min = "10s", max = "2h", defaultValue = "5m")
    Duration noAnswerRetry();

    @AttributeDefinition(
            description = "wait after congestion, a machine that does not answer as a fax, and the like",
            min = "10s",
            max = "2h",
            defaultValue = "5m")
    Duration otherRetry();

    @AttributeDefinition(description = "of the date on each page", max = "40", defaultValue = "Europe/Paris")
    String timeZone();
}
