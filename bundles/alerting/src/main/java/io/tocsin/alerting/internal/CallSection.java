package io.tocsin.alerting.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.directory.api.PhoneNumbers;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The {@code call:} of a scenario, read and written. Used once. */
public final class CallSection {
    /** Of numbers that a scenario writes nationally. */
    private static final String REGION = "FR";

    private final ScenarioReader reader;
    private final JsonNode node;

    CallSection(ScenarioReader reader, JsonNode node) {
        this.reader = reader;
        this.node = node;
    }

    /** @param asks whether a question is asked */
    CallPolicy read(boolean asks) {
        if (!reader.object("call", node)) {
            return CallPolicy.usual(asks);
        }
        reader.known("call.", node, "ring", "times", "machine", "pin", "transfer", "repeat", "retry");
        Optional<String> pin = reader.optionalText("call.pin", node.get("pin"));
        Optional<String> repeat = reader.optionalText("call.repeat", node.get("repeat"));
        return new CallPolicy(
                ScenarioReader.absent(node.get("ring"))
                        ? CallPolicy.USUAL_RINGING
                        : reader.duration("call.ring", node.get("ring")),
                reader.wholeNumber("call.times", node.get("times"), 1),
                machine(pin.isPresent()),
                pin,
                transfers(),
                repeat.isPresent() || !asks ? repeat : Optional.of(CallPolicy.USUAL_REPEAT),
                retry());
    }

    private AnsweringMachine machine(boolean asksPin) {
        JsonNode word = node.get("machine");
        AnsweringMachine usual = asksPin ? AnsweringMachine.HANG_UP : AnsweringMachine.LEAVE_MESSAGE;
        if (ScenarioReader.absent(word)) {
            return usual;
        }
        for (AnsweringMachine machine : AnsweringMachine.values()) {
            if (word(machine).equals(word.asText())) {
                return machine;
            }
        }
        reader.problem("call.machine", "is \"" + word.asText() + "\"; write hang-up, leave-message or ignore");
        return usual;
    }

    private Map<String, String> transfers() {
        Map<String, String> transfers = new LinkedHashMap<>();
        if (!ScenarioReader.absent(node.get("transfer"))) {
            reader.texts("call.transfer", node.get("transfer"), true).forEach((key, number) -> {
                try {
                    transfers.put(key, number.isEmpty() ? "" : PhoneNumbers.e164(number, REGION));
                } catch (IllegalArgumentException e) {
                    reader.problem("call.transfer." + key, e.getMessage() + "; write it as +33199000009");
                }
            });
        }
        return transfers;
    }

    private Map<String, Duration> retry() {
        Map<String, Duration> retry = new LinkedHashMap<>();
        if (!ScenarioReader.absent(node.get("retry")) && reader.object("call.retry", node.get("retry"))) {
            node.get("retry")
                    .fields()
                    .forEachRemaining(each ->
                            retry.put(each.getKey(), reader.duration("call.retry." + each.getKey(), each.getValue())));
        }
        return retry;
    }

    public static void write(CallPolicy call, ObjectNode to) {
        to.put("ring", call.ringing().toString());
        to.put("times", call.times());
        to.put("machine", word(call.machine()));
        call.pin().ifPresent(variable -> to.put("pin", variable));
        if (!call.transfers().isEmpty()) {
            ObjectNode transfer = to.putObject("transfer");
            call.transfers().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(each -> transfer.put(each.getKey(), each.getValue()));
        }
        call.repeat().ifPresent(key -> to.put("repeat", key));
        if (!call.retry().isEmpty()) {
            ObjectNode retry = to.putObject("retry");
            call.retry().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(each -> retry.put(each.getKey(), each.getValue().toString()));
        }
    }

    private static String word(AnsweringMachine machine) {
        return machine.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
