package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.publish.internal.Outlet.Handle;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of one publish account: each checked against {@link PublishAccount}, and here what they say together.
 *
 * @param site if it has pages
 * @param entries how many a page keeps
 * @param mastodon if it posts
 */
record PublishSettings(
        Optional<Site> site,
        int entries,
        boolean drills,
        Optional<Mastodon> mastodon,
        int window,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration retryInterval,
        Duration checkInterval) {
    private static final int MOST_PAGES = 50;
    private static final int MOST_HANDLES = 20;
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,500}");
    private static final Pattern FOR_ONE = Pattern.compile("(@\\S+@\\S+)\\s+(\\S+)");

    /**
     * Where to post, and as whom.
     *
     * @param tokens at least one
     * @param limit characters in a post
     */
    record Mastodon(
            Server server, Map<Handle, String> tokens, String visibility, int limit, Network network, ServerTls tls) {
        Mastodon {
            tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
        }

        HttpCall call() {
            return new HttpCall(server, network, tls);
        }

        @Override
        public String toString() {
            return "Mastodon" + tokens.keySet();
        }
    }

    /** @throws ChannelSettingsException naming the first setting that is unknown, missing or wrong */
    static PublishSettings of(ChannelAccount account) throws ChannelSettingsException {
        PublishAccount read = account.settings(PublishAccount.class);
        Optional<Site> site = site(account.id(), read);
        Optional<Mastodon> mastodon = mastodon(read);
        if (site.isEmpty() && mastodon.isEmpty()) {
            throw new ChannelSettingsException(
                    "pages", "is missing, and so is mastodon: name a page, such as ville, or an account to post on");
        }
        return new PublishSettings(
                site,
                read.entries(),
                read.drills(),
                mastodon,
                read.window(),
                read.connectTimeout(),
                read.responseTimeout(),
                read.retryInterval(),
                read.checkInterval());
    }

    private static Optional<Site> site(String account, PublishAccount read) throws ChannelSettingsException {
        String language = language(read.language());
        ZoneId zone = zone(read.timeZone());
        Optional<String> baseUrl = read.baseUrl().isEmpty()
                ? Optional.empty()
                : Optional.of(baseUrl(read.baseUrl().get()));
        if (read.site().isPresent() && !Outlet.NAME.matcher(read.site().get()).matches()) {
            throw new ChannelSettingsException(
                    "site", "must be small letters, digits and dashes, a letter first: such as saint-aurel");
        }
        if (read.pages().isEmpty()) {
            return Optional.empty();
        }
        String name = read.site()
                .orElseThrow(() -> new ChannelSettingsException(
                        "site", "is missing: its pages need it in their addresses; write one such as saint-aurel"));
        String title = read.title().orElse(Words.of(language).alerts);
        if (!read.html() && !read.feeds()) {
            throw new ChannelSettingsException(
                    "html", "is false, and so is feeds: nobody would see the pages; set one to true or remove pages");
        }
        return Optional.of(new Site(
                account,
                name,
                Drafts.clean(title),
                baseUrl.orElseThrow(
                        () -> new ChannelSettingsException(
                                "base-url",
                                "is missing: feeds and posts lead to the pages; write one such as https://alertes.commune.example")),
                language,
                zone,
                pages(read.pages().get(), Drafts.clean(title)),
                read.html(),
                read.feeds(),
                read.currentFor()));
    }

    private static Map<String, String> pages(String written, String title) throws ChannelSettingsException {
        Map<String, String> pages = new LinkedHashMap<>();
        for (String each : written.split(",")) {
            int sign = each.indexOf('=');
            String name = (sign < 0 ? each : each.substring(0, sign)).strip();
            String own = sign < 0 ? "" : Drafts.clean(each.substring(sign + 1)).strip();
            if (!Outlet.NAME.matcher(name).matches()) {
                throw new ChannelSettingsException(
                        "pages",
                        "a page's name must be small letters, digits and dashes, a letter first: such as ville, or"
                                + " ecoles=Alertes aux écoles");
            }
            if (pages.put(name, own.isEmpty() ? title : own) != null) {
                throw new ChannelSettingsException("pages", "holds " + name + " twice: leave one out");
            }
        }
        if (pages.size() > MOST_PAGES) {
            throw new ChannelSettingsException(
                    "pages", "holds " + pages.size() + ": make another account for what goes beyond " + MOST_PAGES);
        }
        return pages;
    }

    private static String language(String written) throws ChannelSettingsException {
        if (!LANGUAGE.matcher(written).matches()) {
            throw new ChannelSettingsException("language", "is no language tag: write one such as fr or en");
        }
        return written;
    }

    private static ZoneId zone(String written) throws ChannelSettingsException {
        try {
            return ZoneId.of(written);
        } catch (DateTimeException e) {
            throw new ChannelSettingsException("time-zone", "is no time zone: write one such as Europe/Paris");
        }
    }

    private static String baseUrl(String written) throws ChannelSettingsException {
        try {
            URI uri = new URI(written);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (web
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return written.replaceFirst("/+$", "");
            }
        } catch (URISyntaxException e) {
            // as one that is no whole URL
        }
        throw new ChannelSettingsException(
                "base-url", "is no URL of a site: write one such as https://alertes.commune.example");
    }

    private static Optional<Mastodon> mastodon(PublishAccount read) throws ChannelSettingsException {
        ServerTls tls = ServerTls.trusting(read.tlsCa());
        if (read.mastodon().isEmpty()) {
            Optional<String> lonely = read.mastodonToken().isPresent()
                    ? Optional.of("mastodon-token")
                    : read.mastodonUrl().isPresent() ? Optional.of("mastodon-url") : Optional.empty();
            if (lonely.isPresent()) {
                throw new ChannelSettingsException(
                        "mastodon", "is missing while there is " + lonely.get() + ": write @name@host, or remove it");
            }
            return Optional.empty();
        }
        List<Handle> handles = handles(read.mastodon().get());
        return Optional.of(new Mastodon(
                server(read, handles),
                tokens(read.mastodonToken(), handles),
                read.mastodonVisibility(),
                read.mastodonLimit(),
                Network.of(read.network()),
                tls));
    }

    private static List<Handle> handles(String written) throws ChannelSettingsException {
        List<Handle> handles = new ArrayList<>();
        for (String each : written.split("[,\\s]+")) {
            Handle handle;
            try {
                handle = Outlet.handle(each);
            } catch (IllegalArgumentException e) {
                throw new ChannelSettingsException(
                        "mastodon", "holds what is no account: write @name@host, such as @alertes@social.example");
            }
            if (handles.contains(handle)) {
                throw new ChannelSettingsException("mastodon", "holds " + handle + " twice: leave one out");
            }
            handles.add(handle);
        }
        if (handles.size() > MOST_HANDLES) {
            throw new ChannelSettingsException(
                    "mastodon", "holds more than " + MOST_HANDLES + ": make another account for the rest");
        }
        return handles;
    }

    private static Server server(PublishAccount read, List<Handle> handles) throws ChannelSettingsException {
        if (read.mastodonUrl().isEmpty()
                && handles.stream().map(Handle::host).distinct().count() > 1) {
            throw new ChannelSettingsException(
                    "mastodon", "holds accounts of several servers: make an account for each server");
        }
        try {
            return Server.of(
                    read.mastodonUrl().orElse("https://" + handles.get(0).host()));
        } catch (IllegalArgumentException e) {
            throw new ChannelSettingsException("mastodon-url", e.getMessage());
        }
    }

    private static Map<Handle, String> tokens(Optional<String> written, List<Handle> handles)
            throws ChannelSettingsException {
        if (written.isEmpty()) {
            throw new ChannelSettingsException(
                    "mastodon-token", "is missing: write the access token of the application made for the account");
        }
        Map<Handle, String> tokens = new LinkedHashMap<>();
        Optional<String> common = Optional.empty();
        for (String line : written.get().lines().map(String::strip).toList()) {
            Matcher one = FOR_ONE.matcher(line);
            if (one.matches()) {
                Optional<Handle> known = handles.stream()
                        .filter(handle -> handle.toString().equalsIgnoreCase(one.group(1)))
                        .findFirst();
                tokens.put(
                        known.orElseThrow(() -> new ChannelSettingsException(
                                "mastodon-token", "has a line for an account that is not in mastodon: add it there")),
                        one.group(2));
            } else if (TOKEN.matcher(line).matches() && common.isEmpty()) {
                common = Optional.of(line);
            } else if (!line.isEmpty()) {
                throw new ChannelSettingsException(
                        "mastodon-token", "must be one token, or a line @name@host TOKEN for each account");
            }
        }
        for (Handle handle : handles) {
            String token = tokens.getOrDefault(handle, common.orElse(""));
            if (!TOKEN.matcher(token).matches()) {
                throw new ChannelSettingsException(
                        "mastodon-token", "is missing for " + handle + ": add a line for it");
            }
            tokens.put(handle, token);
        }
        return tokens;
    }

    @Override
    public String toString() {
        return "PublishSettings[" + site.map(Site::name).orElse("") + "]";
    }
}
