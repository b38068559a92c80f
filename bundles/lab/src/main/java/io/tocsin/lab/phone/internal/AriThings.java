package io.tocsin.lab.phone.internal;

import io.tocsin.lab.phone.internal.AriDoor.Answer;
import java.util.ArrayList;
import java.util.List;

/** What is asked about playbacks, bridges and recordings. On the loop only. */
final class AriThings {
    private final PlantCore plant;

    AriThings(PlantCore plant) {
        this.plant = plant;
    }

    Answer playback(String method, String id) {
        Playback playback = plant.playback(id).orElse(null);
        if (playback == null) {
            return Answer.wrong(404, "Playback not found");
        }
        return switch (method) {
            case "GET" -> Answer.of(200, plant.words().body(playback));
            case "DELETE" ->
                new Answer(204, null, null, () -> playback.call().player().stop(playback));
            default -> AriDoor.notAllowed();
        };
    }

    Answer bridges(String method, String[] path, AriAsked asked) {
        if (path.length == 1 && method.equals("POST")) {
            String id = asked.text("bridgeId", "bridge-" + plant.tally().requests);
            Bridge bridge = plant.bridges()
                    .computeIfAbsent(id, name -> new Bridge(name, asked.text("type", "mixing"), "", plant.millis()));
            return Answer.of(200, plant.words().body(bridge));
        }
        Bridge bridge = path.length < 2 ? null : plant.bridges().get(path[1]);
        if (bridge == null) {
            return Answer.wrong(404, "Bridge not found");
        }
        if (path.length == 2) {
            return switch (method) {
                case "GET" -> Answer.of(200, plant.words().body(bridge));
                case "DELETE" -> new Answer(204, null, null, () -> destroy(bridge));
                default -> AriDoor.notAllowed();
            };
        }
        return switch (path[2]) {
            case "addChannel", "removeChannel" -> members(bridge, path[2].equals("addChannel"), asked.list("channel"));
            case "moh" -> Answer.done();
            default -> AriDoor.unknown();
        };
    }

    private Answer members(Bridge bridge, boolean in, List<String> ids) {
        List<Call> members = new ArrayList<>();
        for (String id : ids) {
            Call call = plant.call(id).orElse(null);
            if (call == null || call.over()) {
                return Answer.wrong(400, "Channel not found");
            }
            if (!call.inStasis()) {
                return Answer.wrong(409, "Channel not in Stasis application");
            }
            if (!in && !bridge.members().contains(call)) {
                return Answer.wrong(422, "Channel not in this bridge");
            }
            members.add(call);
        }
        return new Answer(
                204,
                null,
                null,
                () -> members.forEach(call -> {
                    if (!in) {
                        call.leave();
                    } else if (!call.over() && !bridge.members().contains(call)) {
                        call.enter(bridge);
                    }
                }));
    }

    private void destroy(Bridge bridge) {
        String application = bridge.members().stream()
                .findFirst()
                .map(Call::application)
                .orElseGet(
                        () -> plant.applications().names().stream().findFirst().orElse(""));
        List.copyOf(bridge.members()).forEach(Call::leave);
        plant.bridges().remove(bridge.id());
        plant.tell(
                application,
                "BridgeDestroyed",
                plant.words().event("BridgeDestroyed").bridge(bridge));
    }

    Answer recordings(String method, String[] path) {
        if (path.length >= 3 && path[1].equals("live")) {
            Recordings.Live live = plant.recordings().live(path[2]).orElse(null);
            if (live == null) {
                return Answer.wrong(404, "Recording not found");
            }
            if (method.equals("GET")) {
                return Answer.of(200, plant.words().body(live));
            }
            boolean kept = path.length > 3 && path[3].equals("stop");
            return new Answer(204, null, null, () -> {
                if (plant.recordings().live(live.name()).isPresent()) {
                    live.call().recorded(live, kept);
                }
            });
        }
        Recordings.Stored stored = path.length < 3 || !path[1].equals("stored")
                ? null
                : plant.recordings().stored(path[2]).orElse(null);
        if (stored == null) {
            return Answer.wrong(404, "Recording not found");
        }
        if (method.equals("DELETE")) {
            plant.recordings().delete(stored.name());
            return Answer.done();
        }
        if (path.length > 3 && path[3].equals("file")) {
            return new Answer(200, null, Recordings.sound(stored), null);
        }
        return Answer.of(
                200,
                "{\"name\":" + AriWords.quote(stored.name()) + ",\"format\":" + AriWords.quote(stored.format()) + "}");
    }
}
