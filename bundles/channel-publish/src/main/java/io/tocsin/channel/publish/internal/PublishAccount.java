package io.tocsin.channel.publish.internal;

import java.time.Duration;
import java.util.Optional;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a publish account as accounts write them. {@link PublishSettings} checks what they say together. */
@ObjectClassDefinition(
        name = "publish account",
        description = "Public pages and feeds of this node, posts on Mastodon-compatible servers")
interface PublishAccount {

    @AttributeDefinition(
            description = "the first part of its pages' addresses, such as saint-aurel: small letters, digits, dashes",
            required = false,
            max = "40")
    Optional<String> site();

    @AttributeDefinition(
            description = "its pages, separated by commas, each with its title if that is not the site's, such as"
                    + " ville, ecoles=Alertes aux écoles",
            required = false,
            max = "1000")
    Optional<String> pages();

    @AttributeDefinition(description = "what its pages and feeds are called", required = false, max = "100")
    Optional<String> title();

    @AttributeDefinition(
            description = "where people reach this node's pages, such as https://alertes.commune.example",
            required = false,
            max = "200")
    Optional<String> baseUrl();

    @AttributeDefinition(
            description = "the language of its pages' own words, a BCP 47 tag: fr, or else English",
            defaultValue = "fr",
            max = "35")
    String language();

    @AttributeDefinition(
            description = "the time zone of the times on its pages, such as Europe/Paris",
            defaultValue = "Europe/Paris",
            max = "60")
    String timeZone();

    @AttributeDefinition(
            description = "how many alerts a page keeps, the latest",
            min = "1",
            max = "500",
            defaultValue = "50")
    int entries();

    @AttributeDefinition(
            description = "how long an alert counts as current after it was last published",
            min = "1m",
            max = "90d",
            defaultValue = "24h")
    Duration currentFor();

    @AttributeDefinition(description = "true to serve the pages", defaultValue = "true")
    boolean html();

    @AttributeDefinition(description = "true to serve RSS and Atom feeds", defaultValue = "true")
    boolean feeds();

    @AttributeDefinition(
            description = "true to publish exercises too, marked as such: anybody may see them",
            defaultValue = "false")
    boolean drills();

    @AttributeDefinition(
            description =
                    "the accounts to post on, of one server, separated by commas, such as @alertes@social.example",
            required = false,
            max = "1000")
    Optional<String> mastodon();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "the access token; or one line for each account: @alertes@social.example, a space, its token",
            required = false,
            max = "16000")
    Optional<String> mastodonToken();

    @AttributeDefinition(
            description = "the server's API, such as https://social.example; by itself the host of the accounts",
            required = false,
            max = "200")
    Optional<String> mastodonUrl();

    @AttributeDefinition(
            description = "who sees posts",
            options = {@Option("public"), @Option("unlisted"), @Option("private")},
            defaultValue = "public")
    String mastodonVisibility();

    @AttributeDefinition(
            description = "how many characters the server takes in a post",
            min = "100",
            max = "100000",
            defaultValue = "500")
    int mastodonLimit();

    @AttributeDefinition(
            description =
                    "how near the server may be: on public addresses, also on the site's private ones, also on this node",
            options = {@Option("public"), @Option("site"), @Option("node")},
            defaultValue = "public")
    String network();

    @AttributeDefinition(
            description = "the only authorities to trust, in PEM; by itself those of the JVM",
            required = false)
    Optional<String> tlsCa();

    @AttributeDefinition(description = "messages unfinished at once", min = "1", max = "32", defaultValue = "4")
    int window();

    @AttributeDefinition(
            description = "how long looking up, connecting and TLS may take together",
            min = "100ms",
            max = "1m",
            defaultValue = "5s")
    Duration connectTimeout();

    @AttributeDefinition(
            description = "how long the server's answer may take, to its end",
            min = "100ms",
            max = "1m",
            defaultValue = "10s")
    Duration responseTimeout();

    @AttributeDefinition(
            description = "pause before what failed is tried again",
            min = "10ms",
            max = "10m",
            defaultValue = "5s")
    Duration retryInterval();

    @AttributeDefinition(
            description = "how often the server is asked, without posting, whether it is there and knows the token",
            min = "1s",
            max = "24h",
            defaultValue = "5m")
    Duration checkInterval();
}
