package io.tocsin.channel.webhook.internal;

import java.time.Duration;
import java.util.Optional;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a webhook account as accounts write them. {@link WebhookSettings} checks what they say together. */
@ObjectClassDefinition(name = "webhook account", description = "Signed HTTPS posts to sirens, signage and chat tools")
interface WebhookAccount {

    @AttributeDefinition(
            description = "the URLs beneath which messages may go, separated by commas or spaces, such as"
                    + " https://sirens.commune.example/alerts",
            max = "1000")
    String urls();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description =
                    "whsec_ and 24 to 64 random bytes in base64; or one line for each URL: the URL, a space, its secret",
            max = "16000")
    String secret();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "the Authorization header, such as Bearer TOKEN; or one line for each URL",
            required = false,
            max = "16000")
    Optional<String> authorization();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "other headers, one a line, such as X-Site: north; before it, if for one URL only, that URL",
            required = false,
            max = "16000")
    Optional<String> headers();

    @AttributeDefinition(
            description =
                    "how near a receiver may be: on public addresses, also on the site's private ones, also on this node",
            options = {@Option("public"), @Option("site"), @Option("node")},
            defaultValue = "public")
    String network();

    @AttributeDefinition(description = "true to allow http: besides https:", defaultValue = "false")
    boolean insecure();

    @AttributeDefinition(
            description = "the only authorities to trust, in PEM; by itself those of the JVM",
            required = false)
    Optional<String> tlsCa();

    @AttributeDefinition(description = "messages unfinished at once", min = "1", max = "256", defaultValue = "8")
    int window();

    @AttributeDefinition(
            description = "how long looking up, connecting and TLS may take together",
            min = "100ms",
            max = "1m",
            defaultValue = "5s")
    Duration connectTimeout();

    @AttributeDefinition(
            description = "how long the answer may take, to its end",
            min = "100ms",
            max = "1m",
            defaultValue = "10s")
    Duration responseTimeout();

    @AttributeDefinition(
            description = "pause before a receiver that could not be reached is tried again",
            min = "10ms",
            max = "10m",
            defaultValue = "5s")
    Duration retryInterval();

    @AttributeDefinition(
            description =
                    "how often a receiver that was reached is connected to, without a message, to see that it is there",
            min = "1s",
            max = "24h",
            defaultValue = "1m")
    Duration checkInterval();
}
