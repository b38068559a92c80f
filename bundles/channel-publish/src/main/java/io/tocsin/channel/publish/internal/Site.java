package io.tocsin.channel.publish.internal;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pages of one account, as they are shown: written beside their entries, so that they are served whether or not the account
 * is open just now.
 *
 * @param account whose it is
 * @param name first part of its pages' addresses
 * @param baseUrl where people reach this node's pages, without a slash at its end
 * @param language BCP 47 tag of its own words
 * @param pages name to title, in order; at least one
 * @param currentFor how long an alert counts as current after it was last published
 */
record Site(
        String account,
        String name,
        String title,
        String baseUrl,
        String language,
        ZoneId zone,
        Map<String, String> pages,
        boolean html,
        boolean feeds,
        Duration currentFor) {

    Site {
        pages = Collections.unmodifiableMap(new LinkedHashMap<>(pages));
    }

    /** Where a page is. */
    String url(String page) {
        return baseUrl + PublicPages.ROOT + "/" + name + "/" + page + "/";
    }
}
