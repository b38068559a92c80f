package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue.Heard;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What somebody of the house may do: launch, record, leave. */
final class Home implements Talk {
    private static final Duration KEYING = Duration.ofSeconds(8);
    private static final int TRIES = 3;

    private final Member member;
    private final Function<Talk, Talk> launching;
    private final Function<Talk, Talk> recording;

    /** @param launching and {@code recording}, given where they come back to */
    Home(Member member, Function<Talk, Talk> launching, Function<Talk, Talk> recording) {
        this.member = member;
        this.launching = launching;
        this.recording = recording;
    }

    @Override
    public Reply next(Heard heard) {
        return ask(TRIES);
    }

    private Reply ask(int tries) {
        return Reply.keys(List.of(member.fixed(Phrase.HOME)), 1, KEYING, heard -> keyed(heard, tries));
    }

    private Reply keyed(Heard heard, int tries) {
        switch (Reply.keys(heard)) {
            case "1":
                return allowed(member.mayLaunch(), launching, heard);
            case "2":
                return allowed(member.mayRecord(), recording, heard);
            case "*":
                return leave();
            default:
                return tries > 1 ? ask(tries - 1) : leave();
        }
    }

    private Reply allowed(boolean may, Function<Talk, Talk> way, Heard heard) {
        return may ? way.apply(this).next(heard) : ask(TRIES).after(List.of(member.fixed(Phrase.NOT_ALLOWED)));
    }

    private Reply leave() {
        return Reply.hangUp(List.of(member.fixed(Phrase.GOODBYE)));
    }
}
