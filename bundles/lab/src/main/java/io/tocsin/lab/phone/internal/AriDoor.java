package io.tocsin.lab.phone.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers the requests of ARI that a call needs, with the status codes of Asterisk 22. On the loop only. */
final class AriDoor {
    private static final Pattern ENDPOINT =
            Pattern.compile("(?i)PJSIP/(?:(\\+?[0-9*#A-Za-z._-]{1,40})@)?([A-Za-z0-9._+-]{1,60})");
    private static final Pattern CALLER = Pattern.compile("\\s*\"?((?:[^\"<\\\\]|\\\\.)*)\"?\\s*<([^>]*)>\\s*");
    private static final int MOST_LISTED = 1_000;
    private static final int USUAL_TIMEOUT = 30;

    /**
     * @param body JSON, or null
     * @param sound what a recording sounds like, or null
     * @param then what happens after the answer, or null
     */
    record Answer(int status, String body, byte[] sound, Runnable then) {
        static Answer of(int status, String body) {
            return new Answer(status, body, null, null);
        }

        static Answer done() {
            return of(204, null);
        }

        static Answer wrong(int status, String why) {
            return of(status, "{\"message\":" + AriWords.quote(why) + "}");
        }
    }

    private final PlantCore plant;
    private final AriThings things;
    private final ObjectMapper json = new ObjectMapper();

    AriDoor(PlantCore plant) {
        this.plant = plant;
        this.things = new AriThings(plant);
    }

    ObjectMapper json() {
        return json;
    }

    /** @param uri relative to {@code /ari}, without a slash before it; @param body may be empty */
    Answer answer(String method, String uri, String body) {
        plant.tally().requests++;
        QueryStringDecoder decoded = new QueryStringDecoder(uri);
        String[] path = decoded.rawPath().split("/");
        for (int i = 0; i < path.length; i++) {
            path[i] = QueryStringDecoder.decodeComponent(path[i].replace("+", "%2B"));
        }
        JsonNode given = MissingNode.getInstance();
        if (!body.isEmpty()) {
            try {
                given = json.readTree(body);
            } catch (JsonProcessingException e) {
                return Answer.wrong(400, "Invalid JSON body");
            }
        }
        AriAsked asked = new AriAsked(decoded.parameters(), given);
        return switch (path[0]) {
            case "channels" -> channels(method, path, asked);
            case "playbacks" -> path.length == 2 ? things.playback(method, path[1]) : unknown();
            case "bridges" -> things.bridges(method, path, asked);
            case "recordings" -> things.recordings(method, path);
            case "applications" -> applications(method, path, asked);
            case "asterisk" ->
                Answer.of(
                        200,
                        path.length > 1 && path[1].equals("ping")
                                ? "{\"asterisk_id\":\"" + AriWords.SWITCH_ID + "\",\"ping\":\"pong\"}"
                                : "{\"system\":{\"version\":\"22.10.1\",\"entity_id\":\"" + AriWords.SWITCH_ID
                                        + "\"}}");
            default -> unknown();
        };
    }

    static Answer unknown() {
        return Answer.wrong(404, "Resource not found");
    }

    static Answer notAllowed() {
        return Answer.wrong(405, "Method Not Allowed");
    }

    // ---- channels ----

    private Answer channels(String method, String[] path, AriAsked asked) {
        if (path.length == 1) {
            return switch (method) {
                case "POST" -> originate(asked, asked.text("channelId", ""));
                case "GET" -> list();
                default -> notAllowed();
            };
        }
        if (path.length == 2 && method.equals("POST")) {
            return originate(asked, path[1]);
        }
        Call call = plant.call(path[1]).orElse(null);
        if (call == null || call.over()) {
            return Answer.wrong(404, "Channel not found");
        }
        if (path.length == 2) {
            return switch (method) {
                case "GET" -> Answer.of(200, plant.words().body(call));
                case "DELETE" -> {
                    Runnable then = call.hangUp(asked.number("reason_code", 16));
                    yield new Answer(204, null, null, then);
                }
                default -> notAllowed();
            };
        }
        return channel(method, call, path, asked);
    }

    private Answer list() {
        if (plant.up() > MOST_LISTED) {
            return Answer.wrong(500, "Asterisk 22.10 would die of a list this long: ask for the application");
        }
        List<String> bodies = new ArrayList<>();
        plant.calls().forEach(call -> bodies.add(plant.words().body(call)));
        return Answer.of(200, "[" + String.join(",", bodies) + "]");
    }

    private Answer channel(String method, Call call, String[] path, AriAsked asked) {
        String what = path[2];
        if (what.equals("variable")) {
            String name = asked.text("variable", "");
            if (method.equals("GET")) {
                return call.variable(name)
                        .map(value -> Answer.of(200, "{\"value\":" + AriWords.quote(value) + "}"))
                        .orElseGet(() -> Answer.wrong(404, "Provided variable was not found"));
            }
            call.variable(name, asked.text("value", ""));
            return Answer.done();
        }
        if (what.equals("moh")
                || what.equals("ring")
                || what.equals("hold")
                || what.equals("mute")
                || what.equals("silence")) {
            return Answer.done();
        }
        if (!method.equals("POST")) {
            return notAllowed();
        }
        if (!call.inStasis()) {
            return Answer.wrong(409, "Channel not in Stasis application");
        }
        return switch (what) {
            case "answer" -> {
                call.answer();
                yield Answer.done();
            }
            case "play" -> play(call, path.length > 3 ? path[3] : asked.text("playbackId", ""), asked);
            case "record" -> record(call, asked);
            case "dtmf" -> Answer.done();
            case "continue" ->
                new Answer(204, null, null, () -> {
                    if (!call.over()) {
                        call.dialplan(asked.text("context", ""));
                    }
                });
            case "move" -> move(call, asked);
            default -> unknown();
        };
    }

    private Answer move(Call call, AriAsked asked) {
        String to = asked.text("app", "");
        if (!plant.connected(to)) {
            return Answer.wrong(404, "Stasis application not found");
        }
        return new Answer(204, null, null, () -> {
            if (!call.over()) {
                call.move(to, asked.list("appArgs"));
            }
        });
    }

    private Answer originate(AriAsked asked, String id) {
        Matcher endpoint = ENDPOINT.matcher(asked.text("endpoint", ""));
        String context = asked.text("context", null);
        String application = asked.text("app", "");
        if (application.isEmpty() && context == null) {
            return refused(400, "Application or extension must be specified");
        }
        if (!endpoint.matches() || !trunk(endpoint.group(2))) {
            return refused(500, "Allocation failed");
        }
        if (id.isEmpty()) {
            id = plant.millis() / 1_000 + "." + plant.tally().originates;
        }
        if (plant.call(id).isPresent()) {
            return refused(409, "Channel with given unique ID already exists");
        }
        String number = endpoint.group(1) == null ? endpoint.group(2) : endpoint.group(1);
        String caller = asked.text("callerId", "");
        Matcher named = CALLER.matcher(caller);
        boolean both = named.matches();
        Map<String, String> variables = new HashMap<>();
        asked.body()
                .path("variables")
                .properties()
                .forEach(one -> variables.put(one.getKey(), one.getValue().asText("")));
        if (application.isEmpty()) {
            // whoever asks has one: the dialplan hands the call to it
            application = plant.applications().stream().findFirst().orElse("");
        }
        Call call = plant.originate(new PlantCore.Wanted(
                id,
                endpoint.group(2),
                number,
                both ? named.group(1).replace("\\", "") : "",
                both ? named.group(2) : caller,
                application,
                asked.list("appArgs"),
                context,
                1_000L * Math.max(1, asked.number("timeout", USUAL_TIMEOUT)),
                variables));
        return Answer.of(200, plant.words().body(call));
    }

    private boolean trunk(String name) {
        return plant.options().trunks().isEmpty() || plant.options().trunks().contains(name);
    }

    private Answer refused(int status, String why) {
        plant.tally().refused++;
        return Answer.wrong(status, why);
    }

    private Answer play(Call call, String id, AriAsked asked) {
        List<String> media = asked.list("media");
        if (media.isEmpty()) {
            return Answer.wrong(400, "Media URI(s) must be specified");
        }
        Playback playback =
                new Playback(id.isEmpty() ? "playback-" + plant.tally().requests : id, call, List.copyOf(media));
        if (!plant.remember(playback)) {
            return Answer.wrong(409, "Playback with given unique ID already exists");
        }
        return new Answer(201, plant.words().body(playback), null, () -> {
            if (!call.over()) {
                call.player().play(playback);
            }
        });
    }

    private Answer record(Call call, AriAsked asked) {
        String name = asked.text("name", "");
        if (name.isEmpty() || name.contains("..")) {
            return Answer.wrong(400, "Recording name is missing or no name");
        }
        if (plant.recordings().known(name) && !asked.text("ifExists", "fail").equals("overwrite")) {
            return Answer.wrong(409, "Recording already exists");
        }
        Recordings.Live recording = new Recordings.Live(
                name, asked.text("format", "wav"), call, asked.text("terminateOn", "none"), plant.millis());
        long longest = asked.number("maxDurationSeconds", 0);
        long silence = asked.number("maxSilenceSeconds", 0);
        return new Answer(201, plant.words().body(recording), null, () -> {
            if (!call.over()) {
                call.record(recording, longest == 0 ? Long.MAX_VALUE / 2 : longest * 1_000, silence * 1_000);
            }
        });
    }

    // ---- applications ----

    private Answer applications(String method, String[] path, AriAsked asked) {
        if (path.length == 1) {
            return Answer.of(
                    200,
                    plant.applications().stream()
                            .map(this::application)
                            .toList()
                            .toString());
        }
        AriSession session = plant.session(path[1]).orElse(null);
        if (session == null) {
            return Answer.wrong(404, "Application not found");
        }
        if (path.length > 2 && path[2].equals("eventFilter")) {
            session.filter(asked.body());
        }
        return Answer.of(200, application(path[1]));
    }

    private String application(String name) {
        StringBuilder ids = new StringBuilder("[");
        plant.calls().forEach(call -> {
            if (call.application().equals(name) && !call.over()) {
                ids.append(ids.length() == 1 ? "" : ",").append(AriWords.quote(call.id()));
            }
        });
        return "{\"name\":" + AriWords.quote(name) + ",\"channel_ids\":" + ids
                + "],\"bridge_ids\":[],\"endpoint_ids\":[],\"device_names\":[],\"events_allowed\":[],"
                + "\"events_disallowed\":[]}";
    }
}
