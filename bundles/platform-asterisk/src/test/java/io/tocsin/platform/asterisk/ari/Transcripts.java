package io.tocsin.platform.asterisk.ari;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a real Asterisk 22 sent, as recorded ({@code src/test/resources/ari}; the numbers are fictitious). */
final class Transcripts {
    static final List<String> ALL =
            List.of("originate", "inbound-acd", "outbound-websocket", "rest-over-websocket", "client-dies");

    private Transcripts() {}

    /** The messages of the switch, in order. */
    static List<String> received(String name) {
        try (InputStream in = Transcripts.class.getResourceAsStream("/ari/" + name + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.matches("[0-9.]+ (WS|conn [0-9]+ <<) \\{.*"))
                    .map(line -> line.substring(line.indexOf('{')))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
