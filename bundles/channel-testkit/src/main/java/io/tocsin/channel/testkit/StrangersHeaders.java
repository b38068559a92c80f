package io.tocsin.channel.testkit;

import java.util.Map;

/** Headers a stranger may send in the hope that an integration framework obeys them. */
final class StrangersHeaders {
    /** In every value, so that it is found wherever it gets to. */
    static final String MARK = "stranger.invalid";

    static final Map<String, String> ALL = Map.of(
            "CamelFileName", "../../" + MARK,
            "CamelHttpUri", "http://" + MARK + "/",
            "CAmelHttpPath", MARK,
            "CamelBeanMethodName", MARK,
            "CamelSmppDestAddr", MARK,
            "breadcrumbId", MARK,
            "mail.smtp.host", MARK,
            "X-Recipient-Override", MARK);

    private StrangersHeaders() {}
}
