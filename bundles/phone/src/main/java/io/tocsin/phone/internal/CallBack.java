package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue.Heard;
import io.tocsin.phone.internal.Told.Answer;
import io.tocsin.phone.internal.Told.Pin;
import io.tocsin.phone.internal.Told.Question;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who missed a call rings the number it showed, hears the alerts that called them, and answers with the keys. Who shows no
 * number, or another one, keys the number that was called.
 */
final class CallBack implements Talk {
    private static final int TRIES = 3;
    private static final int LONGEST_NUMBER = 18;
    private static final int LONGEST_PIN = 12;
    private static final Duration KEYING = Duration.ofSeconds(6);

    /** After the last word: whoever is of the house knows the star. */
    private static final Duration LAST_CHANCE = Duration.ofSeconds(2);

    /**
     * What keeps strangers from walking through numbers and codes.
     *
     * @param ofCallers numbers one caller may key
     * @param ofLines numbers all callers of a line may key: the number shown is a stranger's word
     * @param wrongPins for one person's message, whoever calls
     */
    record Limits(RateLimit ofCallers, RateLimit ofLines, RateLimit wrongPins) {}

    private final Caller caller;
    private final MissedCalls missed;
    private final Answers answers;
    private final Limits limits;
    private final Talk staff;
    private final String language;

    /** @param staff the way in for people of the house */
    CallBack(Caller caller, MissedCalls missed, Answers answers, Limits limits, Talk staff, String language) {
        this.caller = caller;
        this.missed = missed;
        this.answers = answers;
        this.limits = limits;
        this.staff = staff;
        this.language = language;
    }

    @Override
    public Reply next(Heard heard) {
        Optional<String> from = caller.call().from();
        List<Missed> found =
                from.map(number -> missed.by(Set.of(number), caller.line())).orElse(List.of());
        return found.isEmpty()
                ? askNumber(from.isEmpty() ? Phrase.WITHHELD : Phrase.NO_ALERT, TRIES)
                : tell(found, 0, "call-back");
    }

    private Reply askNumber(Phrase first, int tries) {
        return Reply.keys(
                List.of(fixed(first), fixed(Phrase.KEY_CALLED_NUMBER), fixed(Phrase.STAFF)),
                LONGEST_NUMBER,
                KEYING,
                heard -> number(heard, tries));
    }

    private Reply number(Heard heard, int tries) {
        String keys = Reply.keys(heard);
        if (keys.startsWith("*")) {
            return staff.next(heard);
        }
        if (keys.isEmpty()) {
            return Reply.hangUp(List.of(fixed(Phrase.GOODBYE)));
        }
        // Found or not is counted: what is found by trying is what must not be.
        if (!limits.ofCallers.take(caller.source())
                || !limits.ofLines.take(Integer.toString(caller.line().accountId()))) {
            return Reply.hangUp(List.of(fixed(Phrase.TRY_LATER), fixed(Phrase.GOODBYE)));
        }
        List<Missed> found = missed.by(DialledNumber.e164(keys), caller.line());
        if (!found.isEmpty()) {
            return tell(found, 0, "call-back-keyed");
        }
        return tries > 1
                ? askNumber(Phrase.NO_ALERT_THERE, tries - 1)
                : Reply.hangUp(List.of(fixed(Phrase.NO_ALERT_THERE), fixed(Phrase.GOODBYE)));
    }

    private Reply tell(List<Missed> all, int from, String source) {
        for (int at = from; at < all.size(); at++) {
            Optional<Told> told = answers.told(all.get(at), caller.line().channel());
            if (told.isPresent()) {
                One one = new One(all, at, told.get(), source);
                return from == 0 ? one.begin() : one.begin().after(List.of(fixed(Phrase.ANOTHER)));
            }
        }
        return from == 0 ? Reply.hangUp(List.of(fixed(Phrase.NOT_TOLD), fixed(Phrase.GOODBYE))) : goodbye();
    }

    /** Nothing is said: what was said last was thanks, or why not. */
    private Reply goodbye() {
        return Reply.keys(
                List.of(),
                1,
                LAST_CHANCE,
                heard -> Reply.keys(heard).startsWith("*") ? staff.next(heard) : Reply.hangUp(List.of()));
    }

    private Words fixed(Phrase phrase) {
        return new Words.Fixed(phrase, language);
    }

    /** One message of those that were missed. */
    private final class One {
        private final List<Missed> all;
        private final int at;
        private final Told told;
        private final String source;
        private int timesAsked;

        One(List<Missed> all, int at, Told told, String source) {
            this.all = all;
            this.at = at;
            this.told = told;
            this.source = source;
        }

        Reply begin() {
            return told.pin().isEmpty()
                    ? message()
                    : askPin(told.pin().get(), told.pin().get().asked(), TRIES);
        }

        private Reply askPin(Pin pin, List<Words> said, int tries) {
            return Reply.keys(said, LONGEST_PIN, KEYING, heard -> pin(pin, heard, tries));
        }

        private Reply pin(Pin pin, Heard heard, int tries) {
            Missed one = all.get(at);
            String whose = one.tenantId() + "/" + one.alertId() + "/" + one.recipientNo();
            boolean right = MessageDigest.isEqual(
                    Reply.keys(heard).getBytes(StandardCharsets.US_ASCII),
                    pin.digits().getBytes(StandardCharsets.US_ASCII));
            if (right && limits.wrongPins.allows(whose)) {
                return message();
            }
            if (!limits.wrongPins.take(whose) || tries <= 1) {
                return following(pin.wrong());
            }
            return askPin(pin, pin.asked(), tries - 1).after(pin.wrong());
        }

        private Reply message() {
            Missed one = all.get(at);
            timesAsked = 0;
            List<Words> before = one.answered()
                    ? List.of(phrase(Phrase.ANSWERED))
                    : one.over() ? List.of(phrase(Phrase.ALERT_OVER)) : List.of();
            return ask().after(told.message()).after(before);
        }

        private Reply ask() {
            timesAsked++;
            Question question = told.question();
            return Reply.keys(question.asked(), 1, question.patience(), this::answered);
        }

        private Reply answered(Heard heard) {
            String key = Reply.keys(heard);
            Question question = told.question();
            Answer answer = question.answers().get(key);
            if (answer != null) {
                boolean first = answers.answer(
                        all.get(at), answer.choice(), caller.line().channel(), source);
                return following(first ? answer.thanks() : List.of(phrase(Phrase.FIRST_ANSWER_STAYS)));
            }
            if (question.transfers().containsKey(key)) {
                return Reply.connect(question.transfers().get(key));
            }
            if (key.equals(question.repeat())) {
                return message();
            }
            return timesAsked >= question.times()
                    ? following(List.of(phrase(Phrase.GOODBYE)))
                    : ask().after(question.unclear());
        }

        private Reply following(List<Words> before) {
            return tell(all, at + 1, source).after(before);
        }

        private Words phrase(Phrase phrase) {
            return new Words.Fixed(phrase, told.language());
        }
    }
}
