package io.tocsin.channel.publish.internal;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an address of kind {@code publication} names: a page of a site, or an account on a Mastodon-compatible server. */
sealed interface Outlet {
    Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    Pattern PAGE = Pattern.compile("([a-z][a-z0-9-]{0,39})/([a-z][a-z0-9-]{0,39})");
    Pattern HANDLE = Pattern.compile("@([a-z0-9_][a-z0-9_.-]{0,63})@([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)");

    /** Written {@code saint-aurel/ville}. */
    record Page(String site, String page) implements Outlet {
        @Override
        public String toString() {
            return site + "/" + page;
        }
    }

    /** Written {@code @alertes@social.example}. */
    record Handle(String user, String host) implements Outlet {
        @Override
        public String toString() {
            return "@" + user + "@" + host;
        }
    }

    /** @throws IllegalArgumentException saying what to write */
    static Outlet of(String written) {
        String text = written.strip().toLowerCase(Locale.ROOT);
        Matcher page = PAGE.matcher(text);
        if (page.matches()) {
            return new Page(page.group(1), page.group(2));
        }
        return handle(text);
    }

    /** @throws IllegalArgumentException saying what to write */
    static Handle handle(String written) {
        Matcher handle = HANDLE.matcher(written.strip().toLowerCase(Locale.ROOT));
        if (!handle.matches()) {
            throw new IllegalArgumentException("is none: write SITE/PAGE or @name@host");
        }
        return new Handle(handle.group(1), handle.group(2));
    }
}
