package io.tocsin.lab.phone.internal;

import io.netty.channel.Channel;
import io.tocsin.lab.people.PhonePeople;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The manager interface: what it is asked by who is logged in, and the faxes under way. On the loop only. */
final class AmiDoor implements FaxCall.Told {
    private static final Pattern CHANNEL = Pattern.compile("(?i)PJSIP/(\\+?[0-9*#]{1,40})@([A-Za-z0-9._-]{1,60})");
    private static final Pattern SENDER = Pattern.compile(".*?(\\+?[0-9]{3,15})>?\\s*");

    private final PlantCore plant;
    private final Map<String, FaxCall> faxes = new HashMap<>();
    private final Set<AmiSession> sessions = new HashSet<>();
    private int sequence;

    AmiDoor(PlantCore plant) {
        this.plant = plant;
    }

    void install(Channel channel) {
        AmiSession.install(channel, plant, this);
    }

    void loggedIn(AmiSession session) {
        sessions.add(session);
    }

    void gone(AmiSession session) {
        sessions.remove(session);
    }

    @Override
    public void event(FaxCall call, Map<String, String> fields) {
        if (!plant.options().mute()) {
            sessions.forEach(session -> session.event(call.id(), fields));
        }
    }

    @Override
    public void over(FaxCall call) {
        faxes.remove(call.id(), call);
        plant.freeLine(call.line());
    }

    void crash() {
        faxes.values().forEach(call -> {
            call.vanish();
            plant.freeLine(call.line());
        });
        faxes.clear();
    }

    /**
     * @param action its fields, names in lower case
     * @param variables those of the action's {@code Variable} fields
     * @return the answer's fields, without the action's id
     */
    Map<String, String> answer(AmiSession from, Map<String, String> action, Map<String, String> variables) {
        return switch (action.getOrDefault("action", "").toLowerCase(Locale.ROOT)) {
            case "ping" -> success("Ping", "Pong");
            case "events" -> {
                from.mask(action.getOrDefault("eventmask", "on"));
                yield success("Events", "On");
            }
            case "filter" -> {
                from.filter(action.getOrDefault("filter", ""));
                yield success("Message", "Filter added");
            }
            case "originate" -> originate(action, variables);
            case "hangup" -> {
                FaxCall call = find(action);
                if (call == null) {
                    yield error("No such channel");
                }
                int cause = action.getOrDefault("cause", "16").matches("[0-9]{1,3}")
                        ? Integer.parseInt(action.getOrDefault("cause", "16"))
                        : 16;
                plant.soon(() -> call.hangUp(cause));
                yield success("Message", "Channel Hungup");
            }
            case "getvar" -> {
                FaxCall call = find(action);
                yield call == null
                        ? error("No such channel")
                        : success(
                                "Variable",
                                action.getOrDefault("variable", ""),
                                "Value",
                                call.variable(action.getOrDefault("variable", "")));
            }
            case "coreshowchannels", "faxstats", "faxsessions" -> {
                from.list(action, faxes.values());
                yield null;
            }
            default -> error("Invalid/unknown command: " + action.getOrDefault("action", "") + ".");
        };
    }

    private FaxCall find(Map<String, String> action) {
        String channel = action.getOrDefault("channel", "");
        FaxCall call = faxes.get(channel);
        return call != null
                ? call
                : faxes.values().stream()
                        .filter(one -> one.name().equals(channel))
                        .findFirst()
                        .orElse(null);
    }

    private Map<String, String> originate(Map<String, String> action, Map<String, String> variables) {
        Matcher channel = CHANNEL.matcher(action.getOrDefault("channel", ""));
        if (!channel.matches()) {
            return error("Invalid channel");
        }
        if (!action.getOrDefault("application", "").equalsIgnoreCase("SendFAX")) {
            return error("Extension does not exist.");
        }
        String id = action.getOrDefault("channelid", System.nanoTime() + "." + sequence);
        if (faxes.containsKey(id) || plant.call(id).isPresent()) {
            return error("Uniqueid is already in use");
        }
        Matcher caller = SENDER.matcher(action.getOrDefault("callerid", ""));
        PhonePeople.Ring ring = plant.dial(channel.group(1), caller.matches() ? caller.group(1) : "");
        int line = plant.takeLine();
        Map<String, String> with = new LinkedHashMap<>(action);
        with.put("number", channel.group(1));
        FaxCall call = new FaxCall(
                plant, this, id, "PJSIP/%s-f%07x".formatted(channel.group(2), sequence++), line, with, variables);
        faxes.put(id, call);
        plant.tally().faxes++;
        boolean known =
                plant.options().trunks().isEmpty() || plant.options().trunks().contains(channel.group(2));
        plant.soon(() -> {
            if (call.over()) {
                return;
            }
            if (!known) {
                // a trunk that the switch does not know: no hang-up, only this
                call.vanish();
                over(call);
                event(
                        call,
                        Map.of(
                                "Event",
                                "OriginateResponse",
                                "ActionID",
                                action.getOrDefault("actionid", ""),
                                "Response",
                                "Failure",
                                "Channel",
                                action.getOrDefault("channel", ""),
                                "Reason",
                                "0",
                                "Uniqueid",
                                id));
            } else if (line < 0) {
                call.refusedByCarrier(34, 503);
            } else if (line < plant.options().failingLines()) {
                call.refusedByCarrier(38, 500);
            } else {
                call.dialled(plant.options().faxes().called(ring), timeout(action));
            }
        });
        return success("Message", "Originate successfully queued");
    }

    private static long timeout(Map<String, String> action) {
        String millis = action.getOrDefault("timeout", "30000");
        return millis.matches("[0-9]{1,7}") ? Long.parseLong(millis) : 30_000;
    }

    static Map<String, String> success(String... fields) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("Response", "Success");
        for (int i = 0; i < fields.length; i += 2) {
            answer.put(fields[i], fields[i + 1]);
        }
        return answer;
    }

    static Map<String, String> error(String why) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("Response", "Error");
        answer.put("Message", why);
        return answer;
    }
}
