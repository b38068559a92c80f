package io.tocsin.platform.asterisk.ari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AriReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-21T17:00:00Z");
    private final AriReader reader = new AriReader(Clock.fixed(NOW, ZoneOffset.UTC), 1 << 20);

    private AriMessage read(String json) throws AriReader.Unreadable {
        return reader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private AriEvent event(String json) throws AriReader.Unreadable {
        return ((AriMessage.Event) read(json)).event();
    }

    @Test
    void everyMessageOfARealSwitchIsUnderstoodAndTellsNoNumberOfItself() throws Exception {
        int messages = 0;
        for (String transcript : Transcripts.ALL) {
            for (String json : Transcripts.received(transcript)) {
                AriMessage message = read(json);
                messages++;
                assertThat(message.toString())
                        .doesNotContainPattern("0[0-9]{9}")
                        .doesNotContain("Mairie", "citoyen");
                if (message instanceof AriMessage.Event event) {
                    assertThat(event.event()).isNotInstanceOf(AriEvent.Unrecognised.class);
                    assertThat(event.event().at()).isAfter(NOW);
                }
            }
        }
        assertThat(messages).isGreaterThan(100);
    }

    @Test
    void aCallIsReadWithCauseAndTechnicalCause() throws Exception {
        List<AriEvent.ChannelDestroyed> ends = new ArrayList<>();
        for (String json : Transcripts.received("originate")) {
            if (read(json) instanceof AriMessage.Event one && one.event() instanceof AriEvent.ChannelDestroyed end) {
                ends.add(end);
            }
        }
        assertThat(ends)
                .filteredOn(end -> end.channel().id().equals("ari-486002"))
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.cause()).isEqualTo(17);
                    assertThat(end.techCause()).isEqualTo(OptionalInt.of(486));
                    assertThat(end.at()).isEqualTo(Instant.parse("2026-11-21T17:02:57.861Z"));
                    assertThat(end.channel().state()).isEqualTo(AriChannel.State.DOWN);
                    assertThat(end.channel().callerNumber()).isEqualTo("0199001234");
                    assertThat(end.channel().callerName()).isEqualTo("Mairie");
                });
    }

    @Test
    void aKeyIsReadWithItsDuration() throws Exception {
        AriEvent event = event(
                """
                {"type":"ChannelDtmfReceived","digit":"#","duration_ms":280,"channel":{"id":"c1","state":"Up"}}""");
        assertThat(event).isInstanceOfSatisfying(AriEvent.ChannelDtmfReceived.class, key -> {
            assertThat(key.digit()).isEqualTo('#');
            assertThat(key.held()).isEqualTo(Duration.ofMillis(280));
            assertThat(key.at()).isEqualTo(NOW);
        });
    }

    @Test
    void anEventOfTomorrowIsKeptAsItCame() throws Exception {
        AriEvent event = event("{\"type\":\"ChannelDreamt\",\"depth\":3,\"channel\":{\"id\":\"c1\"}}");
        assertThat(event).isInstanceOfSatisfying(AriEvent.Unrecognised.class, unknown -> {
            assertThat(unknown.type()).isEqualTo("ChannelDreamt");
            assertThat(unknown.channelId()).contains("c1");
            assertThat(unknown.body().path("depth").asInt()).isEqualTo(3);
            assertThat(unknown).hasToString("ChannelDreamt[c1]");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A\\r\\nX-Evil: 1        | AX-Evil: 1",
                "Mairie\\u0000           | Mairie",
                "\\u202egnp.exe          | gnp.exe",
                "Zo\\u00eb               | Zoë",
                "\\ud800lone             | lone",
            })
    void aCallersNameCarriesNoHeaderAndNoTrick(String sent, String read) throws Exception {
        AriEvent event = event("{\"type\":\"StasisStart\",\"channel\":{\"id\":\"c1\",\"caller\":{\"name\":\"" + sent
                + "\",\"number\":\"\"}}}");
        assertThat(((AriEvent.StasisStart) event).channel().callerName()).isEqualTo(read);
    }

    @Test
    void aVeryLongNameIsCut() throws Exception {
        AriEvent event = event("{\"type\":\"StasisStart\",\"channel\":{\"id\":\"c1\",\"caller\":{\"name\":\""
                + "x".repeat(100_000) + "\"}}}");
        assertThat(((AriEvent.StasisStart) event).channel().callerName()).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"StasisStart\"",
                "{",
                "{}",
                "{\"type\":\"\"}",
                "{\"type\":\"StasisStart\"}",
                "{\"type\":\"StasisStart\",\"channel\":\"c1\"}",
                "{\"type\":\"StasisStart\",\"channel\":{\"id\":\"\"}}",
                "{\"type\":\"StasisEnd\",\"channel\":{\"id\":\"c1\"}} {}",
                "{\"type\":\"ChannelDtmfReceived\",\"digit\":\"12\",\"channel\":{\"id\":\"c1\"}}",
                "{\"type\":\"ChannelDtmfReceived\",\"channel\":{\"id\":\"c1\"}}",
                "{\"type\":\"PlaybackFinished\",\"playback\":{}}",
                "{\"type\":\"RESTResponse\",\"transaction_id\":\"1\"}",
                "{\"type\":\"StasisStart\",\"secret\":0639981234}",
            })
    void whatIsNoMessageIsSaidToBeNoneWithoutItsContent(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(AriReader.Unreadable.class)
                .message()
                .doesNotContain("0639981234")
                .isNotBlank();
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThatThrownBy(() -> read("{\"type\":\"X\",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"))
                .isInstanceOf(AriReader.Unreadable.class);
        assertThatThrownBy(() -> read("{\"type\":\"" + "x".repeat(2 << 20) + "\"}"))
                .isInstanceOf(AriReader.Unreadable.class);
    }
}
