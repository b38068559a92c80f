package io.tocsin.channel.webhook.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of one webhook account: each checked against {@link WebhookAccount}, and here what they say together.
 *
 * @param receivers at least one
 */
record WebhookSettings(
        List<Receiver> receivers,
        Network network,
        ReceiverTls tls,
        int window,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration retryInterval,
        Duration checkInterval) {
    private static final int MOST_RECEIVERS = 50;
    private static final Pattern FOR_ONE_URL = Pattern.compile("(https?://\\S+)\\s+(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x20-\\x7e]+)");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]+");
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "content-type",
            "connection",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "authorization",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");

    /** @throws ChannelSettingsException naming the first setting that is unknown, missing or wrong */
    static WebhookSettings of(ChannelAccount account) throws ChannelSettingsException {
        WebhookAccount read = account.settings(WebhookAccount.class);
        List<WebhookUrl> urls = urls(read);
        Map<WebhookUrl, SigningKeys> keys = keys(read.secret(), urls);
        Map<WebhookUrl, Map<String, String>> headers = headers(read, urls);
        List<Receiver> receivers = new ArrayList<>();
        for (WebhookUrl url : urls) {
            receivers.add(new Receiver(url, keys.get(url), headers.get(url)));
        }
        return new WebhookSettings(
                List.copyOf(receivers),
                Network.of(read.network()),
                ReceiverTls.trusting(read.tlsCa()),
                read.window(),
                read.connectTimeout(),
                read.responseTimeout(),
                read.retryInterval(),
                read.checkInterval());
    }

    /** The receiver a URL belongs to: of several that contain each other, the nearest. */
    Optional<Receiver> receiver(WebhookUrl url) {
        Receiver nearest = null;
        for (Receiver receiver : receivers) {
            if (url.isBeneath(receiver.url())
                    && (nearest == null
                            || receiver.url().path().length()
                                    > nearest.url().path().length())) {
                nearest = receiver;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static List<WebhookUrl> urls(WebhookAccount read) throws ChannelSettingsException {
        List<WebhookUrl> urls = new ArrayList<>();
        for (String written : read.urls().strip().split("[,\\s]+")) {
            WebhookUrl url = url("urls", written);
            if (!url.query().isEmpty()) {
                throw new ChannelSettingsException(
                        "urls", url + "… has a ? part: it belongs to the contact's endpoint");
            }
            if (!url.tls() && !read.insecure() && !isThisMachine(url.host())) {
                throw new ChannelSettingsException(
                        "urls", url + " is http: write https, or set insecure to true to send in clear");
            }
            if (urls.contains(url)) {
                throw new ChannelSettingsException("urls", url + "… is there twice: leave one out");
            }
            urls.add(url);
        }
        if (urls.size() > MOST_RECEIVERS) {
            throw new ChannelSettingsException(
                    "urls", "holds " + urls.size() + ": make another account for what goes beyond " + MOST_RECEIVERS);
        }
        return urls;
    }

    private static WebhookUrl url(String setting, String written) throws ChannelSettingsException {
        try {
            return WebhookUrl.of(written);
        } catch (IllegalArgumentException e) {
            throw new ChannelSettingsException(
                    setting, "a URL " + e.getMessage() + ", such as https://sirens.commune.example/alerts");
        }
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }

    private static Map<WebhookUrl, SigningKeys> keys(String written, List<WebhookUrl> urls)
            throws ChannelSettingsException {
        Map<WebhookUrl, SigningKeys> keys = new LinkedHashMap<>();
        for (Map.Entry<WebhookUrl, List<String>> each :
                byUrl("secret", Optional.of(written), urls).entrySet()) {
            if (each.getValue().isEmpty()) {
                throw new ChannelSettingsException(
                        "secret", "is missing for " + each.getKey() + "…: add a line for it");
            }
            try {
                keys.put(each.getKey(), SigningKeys.of(String.join(" ", each.getValue())));
            } catch (IllegalArgumentException e) {
                throw new ChannelSettingsException(
                        "secret", e.getMessage() + ": write whsec_ and 24 to 64 random bytes in base64");
            }
        }
        return keys;
    }

    private static Map<WebhookUrl, Map<String, String>> headers(WebhookAccount read, List<WebhookUrl> urls)
            throws ChannelSettingsException {
        Map<WebhookUrl, Map<String, String>> headers = new LinkedHashMap<>();
        Map<WebhookUrl, List<String>> others = byUrl("headers", read.headers(), urls);
        Map<WebhookUrl, List<String>> authorizations = byUrl("authorization", read.authorization(), urls);
        for (WebhookUrl url : urls) {
            Map<String, String> own = new LinkedHashMap<>();
            for (String line : others.get(url)) {
                Matcher header = HEADER.matcher(line);
                if (!header.matches()) {
                    throw new ChannelSettingsException(
                            "headers", "a line is no header: write one a line, such as X-Site: north, in ASCII");
                }
                if (OURS.contains(header.group(1).toLowerCase(Locale.ROOT))) {
                    throw new ChannelSettingsException(
                            "headers", header.group(1) + " is written by the channel itself: leave it out");
                }
                own.put(header.group(1), header.group(2).strip());
            }
            List<String> authorization = authorizations.get(url);
            if (authorization.size() > 1
                    || authorization.stream()
                            .anyMatch(value -> !HEADER_VALUE.matcher(value).matches())) {
                throw new ChannelSettingsException(
                        "authorization", "must be one line of ASCII, such as Bearer TOKEN; or one for each URL");
            }
            authorization.forEach(value -> own.put("authorization", value));
            headers.put(url, own);
        }
        return headers;
    }

    /** The lines that concern each URL: those that begin with it; if there are none, those that begin with no URL. */
    private static Map<WebhookUrl, List<String>> byUrl(String setting, Optional<String> written, List<WebhookUrl> urls)
            throws ChannelSettingsException {
        Map<WebhookUrl, List<String>> own = new LinkedHashMap<>();
        List<String> common = new ArrayList<>();
        for (String line : written.orElse("").lines().map(String::strip).toList()) {
            Matcher forOne = FOR_ONE_URL.matcher(line);
            if (forOne.matches()) {
                WebhookUrl url = url(setting, forOne.group(1));
                if (!urls.contains(url)) {
                    throw new ChannelSettingsException(
                            setting,
                            "has a line for " + url + "…, which is none of urls: write the URL as it is there");
                }
                own.computeIfAbsent(url, none -> new ArrayList<>()).add(forOne.group(2));
            } else if (!line.isEmpty()) {
                common.add(line);
            }
        }
        Map<WebhookUrl, List<String>> all = new LinkedHashMap<>();
        urls.forEach(url -> all.put(url, own.getOrDefault(url, common)));
        return all;
    }

    @Override
    public String toString() {
        return "WebhookSettings" + receivers;
    }
}
