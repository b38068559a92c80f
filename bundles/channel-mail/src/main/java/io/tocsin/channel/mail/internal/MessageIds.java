package io.tocsin.channel.mail.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Our references as Message-IDs (RFC 5322, 3.6.4), envelope ids (RFC 3461) and bounce addresses, and back. */
final class MessageIds {
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern MESSAGE_ID = Pattern.compile("<([^<>@\\s]{1,200})@([^<>@\\s]{1,255})>");

    private final String domain;
    private final String bounceLocal;
    private final String bounceDomain;

    MessageIds(MailSettings settings) {
        this.domain = settings.messageIdDomain();
        this.bounceLocal = MailAddresses.local(settings.returnPath());
        this.bounceDomain = MailAddresses.domain(settings.returnPath());
    }

    /** The message id of a reference, without angle brackets. */
    String messageId(String reference) {
        return reference + "@" + domain;
    }

    /** The envelope sender that carries the reference; the plain one if it would be longer than RFC 5321 allows. */
    String bounceAddress(String reference) {
        String local = bounceLocal + "+" + reference;
        return (local.length() <= 64 ? local : bounceLocal) + "@" + bounceDomain;
    }

    /** The reference in the last of our own Message-IDs that a header names: a thread may hold several. */
    Optional<String> fromMessageIds(String header) {
        Optional<String> found = Optional.empty();
        Matcher ids = MESSAGE_ID.matcher(header);
        while (ids.find()) {
            if (ids.group(2).equalsIgnoreCase(domain)) {
                found = reference(ids.group(1));
            }
        }
        return found;
    }

    /** The reference in a bounce address of ours. */
    Optional<String> fromBounceAddress(String address) {
        String bare = address.replaceAll("[<>\\s]", "");
        int at = bare.lastIndexOf('@');
        String start = bounceLocal + "+";
        if (at < 0 || !bare.substring(at + 1).equalsIgnoreCase(bounceDomain) || !bare.startsWith(start)) {
            return Optional.empty();
        }
        return reference(bare.substring(start.length(), at));
    }

    /** The text itself if it can be a reference of ours. */
    static Optional<String> reference(String text) {
        return REFERENCE.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }
}
