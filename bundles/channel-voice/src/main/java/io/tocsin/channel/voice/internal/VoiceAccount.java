package io.tocsin.channel.voice.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a voice account as accounts write them: one trunk of one switch. {@link VoiceSettings} checks what they say together. */
@ObjectClassDefinition(name = "voice account", description = "A trunk of an Asterisk switch, driven by ARI")
interface VoiceAccount {

    @AttributeDefinition(description = "the switch's host name or address", max = "255")
    String host();

    @AttributeDefinition(description = "the port of its HTTP server", min = "1", max = "65535", defaultValue = "8088")
    int port();

    @AttributeDefinition(
            description = "the Stasis application, if the switch connects to us (outbound_websocket): host and port are"
                    + " then where this node listens; another on each node; by itself we connect",
            max = "64",
            required = false)
    Optional<String> switchConnects();

    @AttributeDefinition(description = "the user in ari.conf", max = "64")
    String user();

    @AttributeDefinition(type = AttributeType.PASSWORD, description = "that user's password")
    String password();

    @AttributeDefinition(
            description = "how a number is dialled: technology, {number} and trunk",
            defaultValue = "PJSIP/{number}@trunk",
            max = "128")
    String dial();

    @AttributeDefinition(
            description =
                    "how the trunk wants numbers: +33612345678, 33612345678, 0033612345678, or 0612345678 within the"
                            + " country of the first caller id",
            options = {@Option("plus"), @Option("digits"), @Option("00"), @Option("national")},
            defaultValue = "plus")
    String numbers();

    @AttributeDefinition(description = "lines: calls at once, by all nodes together", min = "1", max = "50000")
    int lines();

    @AttributeDefinition(
            description = "those of them that the switch of this node has, where each site has a switch of its own; by"
                    + " itself all",
            min = "1",
            max = "50000",
            required = false,
            type = AttributeType.INTEGER)
    OptionalInt linesHere();

    @AttributeDefinition(
            description =
                    "the numbers people see, E.164, separated by commas: the one of the recipient's zone is shown,"
                            + " else the first",
            max = "256")
    String callerId();

    @AttributeDefinition(description = "the name people see, if the carrier carries it", max = "40", required = false)
    Optional<String> callerName();

    @AttributeDefinition(
            description = "the Stasis application of calls that come in, another on each node; by itself none is taken",
            max = "64",
            required = false)
    Optional<String> inbound();

    @AttributeDefinition(
            description = "the folder of sounds on this node, if the switch has it elsewhere",
            max = "500",
            required = false)
    Optional<String> sounds();

    @AttributeDefinition(
            description = "that folder as the switch sees it; by itself the same",
            max = "500",
            required = false)
    Optional<String> soundsOnSwitch();

    @AttributeDefinition(
            description = "a call is ended after so long, ringing included",
            min = "1m",
            max = "30m",
            defaultValue = "5m")
    Duration longestCall();

    @AttributeDefinition(
            description = "how long calls are kept when the connection to the switch is lost",
            min = "1s",
            max = "5m",
            defaultValue = "30s")
    Duration reconnectPatience();
}
