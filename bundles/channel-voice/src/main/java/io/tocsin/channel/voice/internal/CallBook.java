package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.SendOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The calls of ours that occupy a line, by reference, and who is told of their ends. The switch's event loop only, but for the numbers of
 * them.
 */
final class CallBook {

    private record Entry(OutCall call, CallerId shown, boolean takenOver, Consumer<SendOutcome> end) {}

    private final Map<String, Entry> calls = new HashMap<>();
    private volatile int size;
    private volatile int takenOver;

    /** One that the core asked for. @param end told once the call has left */
    void enter(OutCall call, CallerId shown, Consumer<SendOutcome> end) {
        enter(new Entry(call, shown, false, end));
    }

    /** One that another began. @param end told once the call has left */
    void takeOver(OutCall call, CallerId shown, Consumer<SendOutcome> end) {
        enter(new Entry(call, shown, true, end));
    }

    private void enter(Entry entry) {
        calls.put(entry.call.message().reference(), entry);
        size = calls.size();
        takenOver = takenOver + (entry.takenOver ? 1 : 0); // one thread writes
    }

    /** @return who is to be told */
    Consumer<SendOutcome> leave(OutCall call) {
        Entry left = calls.remove(call.message().reference());
        size = calls.size();
        takenOver = takenOver - (left.takenOver ? 1 : 0);
        return left.end;
    }

    boolean has(String reference) {
        return calls.containsKey(reference);
    }

    Optional<OutCall> find(String reference) {
        return Optional.ofNullable(calls.get(reference)).map(Entry::call);
    }

    /** The number its person sees. */
    CallerId shown(OutCall call) {
        return calls.get(call.message().reference()).shown;
    }

    /** A copy. */
    List<OutCall> all() {
        return calls.values().stream().map(Entry::call).toList();
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** From any thread. */
    int size() {
        return size;
    }

    /** Those that another began, from any thread. */
    int takenOver() {
        return takenOver;
    }
}
