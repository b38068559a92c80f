package io.tocsin.platform.asterisk.ari;

import java.util.Optional;

/**
 * A REST request of ARI.
 *
 * @param what the operation's name, for messages: the address holds ids and numbers
 * @param method {@code GET}, {@code POST}, {@code DELETE}
 * @param uri relative to {@code /ari}, with its query, percent-encoded
 * @param body JSON
 */
record AriRequest(String what, String method, String uri, Optional<String> body) {
    static AriRequest of(String what, String method, String uri) {
        return new AriRequest(what, method, uri, Optional.empty());
    }

    @Override
    public String toString() {
        return "AriRequest[" + what + "]";
    }
}
