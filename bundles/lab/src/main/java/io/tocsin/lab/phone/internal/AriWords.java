package io.tocsin.lab.phone.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes the JSON of ARI as Asterisk 22.10 was seen to. One text at a time: {@link #event} begins the next. On the loop only. */
final class AriWords {
    static final String SWITCH_ID = "02:00:00:00:00:01";
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final String HEX = "0123456789abcdef";

    private final Clock clock;
    private final StringBuilder out = new StringBuilder(4_096);
    private long second = -1;
    private String secondText = "";

    AriWords(Clock clock) {
        this.clock = clock;
    }

    AriWords event(String type) {
        out.setLength(0);
        out.append("{\"type\":\"").append(type).append("\",\"timestamp\":\"");
        time(clock.millis());
        out.append('"');
        return this;
    }

    AriWords text(String name, CharSequence value) {
        out.append(",\"").append(name).append("\":");
        quoted(value);
        return this;
    }

    AriWords number(String name, long value) {
        out.append(",\"").append(name).append("\":").append(value);
        return this;
    }

    /** @param json as it is */
    AriWords raw(String name, CharSequence json) {
        out.append(",\"").append(name).append("\":").append(json);
        return this;
    }

    AriWords channel(String name, Call call) {
        out.append(",\"").append(name).append("\":");
        channel(call);
        return this;
    }

    AriWords playback(Playback playback) {
        out.append(",\"playback\":");
        playbackOf(playback);
        return this;
    }

    AriWords bridge(Bridge bridge) {
        out.append(",\"bridge\":");
        bridgeOf(bridge);
        return this;
    }

    AriWords recording(Recordings.Live recording) {
        out.append(",\"recording\":");
        recordingOf(recording);
        return this;
    }

    /** The event, whole. @return what the next {@link #event} overwrites */
    CharSequence of(String application) {
        out.append(",\"asterisk_id\":\"" + SWITCH_ID + "\",\"application\":");
        quoted(application);
        return out.append('}');
    }

    /** The answer to a request that came in the WebSocket. @param body null for none */
    CharSequence response(
            String transaction,
            String request,
            int status,
            String reason,
            String uri,
            String body,
            String application) {
        out.setLength(0);
        out.append("{\"type\":\"RESTResponse\"");
        text("transaction_id", transaction).text("request_id", request).number("status_code", status);
        text("reason_phrase", reason).text("uri", uri);
        if (body != null) {
            out.append(",\"content_type\":\"application/json\"");
            text("message_body", body);
        }
        text("application", application);
        out.append(",\"timestamp\":\"");
        time(clock.millis());
        return out.append("\",\"asterisk_id\":\"" + SWITCH_ID + "\"}");
    }

    String body(Call call) {
        out.setLength(0);
        channel(call);
        return out.toString();
    }

    String body(Playback playback) {
        out.setLength(0);
        playbackOf(playback);
        return out.toString();
    }

    String body(Bridge bridge) {
        out.setLength(0);
        bridgeOf(bridge);
        return out.toString();
    }

    String body(Recordings.Live recording) {
        out.setLength(0);
        recordingOf(recording);
        return out.toString();
    }

    private void channel(Call call) {
        Call.Origin origin = call.origin();
        out.append("{\"id\":");
        quoted(call.id());
        out.append(",\"name\":\"PJSIP/").append(origin.trunk()).append('-');
        hex(origin.sequence());
        out.append("\",\"state\":\"").append(call.state().word()).append("\",\"protocol_id\":\"");
        hex(origin.sequence() * 0x9E3779B9);
        out.append("-5f0a-4c16-a4ab-9f1c7d02fa00\",\"caller\":{\"name\":");
        quoted(origin.callerName());
        out.append(",\"number\":");
        quoted(call.callerNumber());
        out.append("},\"connected\":{\"name\":");
        quoted(origin.inbound() ? "" : origin.callerName());
        out.append(",\"number\":");
        quoted(origin.inbound() ? "" : call.callerNumber());
        out.append("},\"accountcode\":\"\",\"dialplan\":{\"context\":\"from-trunk\",\"exten\":");
        quoted(origin.exten());
        out.append(",\"priority\":1,\"app_name\":");
        if (call.inStasis()) {
            out.append("\"Stasis\",\"app_data\":");
            quoted(call.stasisArguments());
        } else {
            out.append("\"AppDial2\",\"app_data\":\"(Outgoing Line)\"");
        }
        out.append("},\"creationtime\":\"");
        time(origin.created());
        out.append("\",\"language\":\"fr\"}");
    }

    private void playbackOf(Playback playback) {
        out.append("{\"id\":");
        quoted(playback.id());
        text("media_uri", playback.media());
        if (playback.next() != null) {
            text("next_media_uri", playback.next());
        }
        out.append(",\"target_uri\":");
        quoted("channel:" + playback.channelId());
        out.append(",\"language\":\"fr\",\"state\":\"")
                .append(playback.state().word())
                .append("\"}");
    }

    private void bridgeOf(Bridge bridge) {
        out.append("{\"id\":");
        quoted(bridge.id());
        out.append(",\"technology\":\"simple_bridge\",\"bridge_type\":");
        quoted(bridge.type());
        out.append(",\"bridge_class\":\"stasis\",\"creator\":\"Stasis\",\"name\":\"\",\"channels\":[");
        String comma = "";
        for (Call member : bridge.members()) {
            out.append(comma);
            quoted(member.id());
            comma = ",";
        }
        out.append("],\"creationtime\":\"");
        time(bridge.created());
        out.append("\",\"video_mode\":\"talker\"}");
    }

    private void recordingOf(Recordings.Live recording) {
        out.append("{\"name\":");
        quoted(recording.name());
        text("format", recording.format()).text("target_uri", "channel:" + recording.channelId());
        text("state", recording.state());
        if (recording.seconds() >= 0) {
            number("duration", recording.seconds());
        }
        out.append('}');
    }

    void quoted(CharSequence value) {
        quote(out, value);
    }

    static String quote(CharSequence value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2);
        quote(quoted, value);
        return quoted.toString();
    }

    private static void quote(StringBuilder out, CharSequence value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private void hex(int value) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(value >>> shift & 15));
        }
    }

    private void time(long millis) {
        long seconds = Math.floorDiv(millis, 1_000L);
        if (seconds != second) {
            second = seconds;
            secondText = SECONDS.format(Instant.ofEpochSecond(seconds));
        }
        int rest = (int) Math.floorMod(millis, 1_000L);
        out.append(secondText).append('.');
        out.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
        out.append("+0000");
    }
}
