package io.tocsin.platform.asterisk.ari;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call to make.
 *
 * @param channelId ours: the switch refuses a second call of the same id while the first lives, so an originate in doubt may be
 *     asked again, once detached
 * @param endpoint technology and address, {@code PJSIP/0639981234@trunk}
 * @param callerId {@code "Name" <number>} or a number
 * @param ringing how long it may ring; whole seconds count
 * @param arguments come back with {@code StasisStart}
 * @param variables channel variables, set before it rings
 */
public record Originate(
        String channelId,
        String endpoint,
        Optional<String> callerId,
        Duration ringing,
        List<String> arguments,
        Map<String, String> variables) {

    public Originate {
        arguments = List.copyOf(arguments);
        variables = Map.copyOf(variables);
        require(!channelId.isEmpty(), "a call needs an id");
        require(!endpoint.isEmpty(), "a call needs an endpoint");
        require(arguments.stream().noneMatch(argument -> argument.contains(",")), "an argument holds a comma");
        Stream.of(Stream.of(channelId, endpoint), callerId.stream(), arguments.stream(), variables.values().stream())
                .flatMap(texts -> texts)
                .forEach(text -> require(
                        text.chars().noneMatch(Character::isISOControl), // would begin a SIP header of its own
                        "a text of the call holds a control character"));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Without numbers. */
    @Override
    public String toString() {
        return "Originate[" + channelId + "]";
    }
}
