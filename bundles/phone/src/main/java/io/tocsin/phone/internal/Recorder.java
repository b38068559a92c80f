package io.tocsin.phone.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.channel.api.Dialogue.Heard;
import io.tocsin.channel.api.Dialogue.Recorded;
import io.tocsin.phone.internal.Takes.Take;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Sound;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Records a message part by telephone: a number for it, the take, listening to it, and then keeping it, again, or neither. */
final class Recorder implements Talk {
    private static final Duration KEYING = Duration.ofSeconds(10);
    private static final int TRIES = 3;
    private static final int MOST_TAKES = 10;

    private final Caller caller;
    private final Member member;
    private final Slots slots;
    private final Takes takes;
    private final Talk home;
    private int taken;

    Recorder(Caller caller, Member member, Slots slots, Takes takes, Talk home) {
        this.caller = caller;
        this.member = member;
        this.slots = slots;
        this.takes = takes;
        this.home = home;
    }

    @Override
    public Reply next(Heard heard) {
        return askSlot(TRIES);
    }

    private Reply askSlot(int tries) {
        return Reply.keys(List.of(member.fixed(Phrase.KEY_SLOT)), 2, KEYING, heard -> slot(Reply.keys(heard), tries));
    }

    private Reply slot(String keys, int tries) {
        if (keys.startsWith("*")) {
            OptionalInt free = slots.free(member.tenantId());
            return free.isPresent()
                    ? speak(free.getAsInt()).after(List.of(number(free.getAsInt())))
                    : back(Phrase.NO_SLOT);
        }
        if (keys.matches("0?[1-9]|[1-9][0-9]")) {
            int number = Integer.parseInt(keys);
            Optional<Sound> present = slots.find(member.tenantId(), number);
            return present.isPresent()
                    ? replace(number, present.get(), TRIES).after(List.of(number(number)))
                    : speak(number).after(List.of(number(number)));
        }
        if (tries <= 1) {
            return home.next(null);
        }
        return keys.isEmpty()
                ? askSlot(tries - 1)
                : askSlot(tries - 1).after(List.of(member.fixed(Phrase.NO_SUCH_NUMBER)));
    }

    private Words number(int number) {
        return member.text("Message numéro " + number + ".", "Message number " + number + ".");
    }

    private Reply replace(int number, Sound present, int tries) {
        return Reply.keys(List.of(member.fixed(Phrase.SLOT_TAKEN)), 1, KEYING, heard -> {
            switch (Reply.keys(heard)) {
                case "1":
                    return replace(number, present, TRIES).after(List.of(playable(present)));
                case "2":
                    return speak(number);
                case "*":
                    return home.next(heard);
                default:
                    return tries > 1 ? replace(number, present, tries - 1) : home.next(heard);
            }
        });
    }

    private Words playable(Sound sound) {
        return new Words.Sounds(List.of(untilTheEnd(takes.playable(sound))));
    }

    private Path untilTheEnd(Path file) {
        caller.atTheEnd(() -> takes.forget(file));
        return file;
    }

    private Reply speak(int number) {
        if (++taken > MOST_TAKES) {
            return back(Phrase.NOT_KEPT);
        }
        return Reply.recording(List.of(member.fixed(Phrase.SPEAK)), Takes.LONGEST, heard -> spoken(number, heard));
    }

    private Reply spoken(int number, Heard heard) {
        if (!(heard instanceof Recorded recorded)) {
            return speak(number).after(List.of(member.fixed(Phrase.SILENT)));
        }
        try {
            Take take = takes.take(recorded.alaw());
            untilTheEnd(take.file());
            return listen(number, take);
        } catch (RecordingException e) {
            return speak(number).after(List.of(member.fixed(reason(e))));
        }
    }

    private static Phrase reason(RecordingException e) {
        return switch (e.reason()) {
            case TOO_SHORT -> Phrase.TOO_SHORT;
            case TOO_LONG -> Phrase.TOO_LONG;
            case SILENT -> Phrase.SILENT;
            case CLIPPED -> Phrase.CLIPPED;
            default -> Phrase.UNUSABLE;
        };
    }

    private Reply listen(int number, Take take) {
        List<Words> mind = take.mind() ? List.of(member.fixed(Phrase.MIND_IT)) : List.of();
        return keepOrNot(number, take, TRIES)
                .after(List.of(new Words.Sounds(List.of(take.file()))))
                .after(mind)
                .after(List.of(member.fixed(Phrase.LISTEN_TO_IT)));
    }

    private Reply keepOrNot(int number, Take take, int tries) {
        return Reply.keys(List.of(member.fixed(Phrase.KEEP_OR_NOT)), 1, KEYING, heard -> {
            switch (Reply.keys(heard)) {
                case "1":
                    return keep(number, take);
                case "2":
                    return listen(number, take);
                case "3":
                    return speak(number);
                case "*":
                    return back(Phrase.NOT_KEPT);
                default:
                    return tries > 1 ? keepOrNot(number, take, tries - 1) : back(Phrase.NOT_KEPT);
            }
        });
    }

    private Reply keep(int number, Take take) {
        try {
            slots.keep(member.tenantId(), number, take.wav(), member);
            return back(Phrase.KEPT);
        } catch (RecordingException e) {
            return back(reason(e));
        } catch (LaunchRefusedException full) {
            return back(Phrase.NO_SLOT);
        }
    }

    private Reply back(Phrase said) {
        return home.next(null).after(List.of(member.fixed(said)));
    }
}
