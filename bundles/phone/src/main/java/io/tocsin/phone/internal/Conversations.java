package io.tocsin.phone.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.Tenancy;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which talk a call begins with, and what each may lead to. */
final class Conversations {
    private static final Duration SILENCE_BORNE = Duration.ofSeconds(3);

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{3,14}");

    private final PhoneSettings settings;
    private final Set<String> activatorNumbers;
    private final Clock clock;
    private final MissedCalls missed;
    private final Answers answers;
    private final Alerts alerts;
    private final ScenarioNumbers numbers;
    private final Launches launches;
    private final Tenancy tenancy;
    private final PhoneLogins logins;
    private final Takes takes;
    private final Slots slots;
    private final CallBack.Limits limits;
    private final RateLimit failures;

    Conversations(
            PhoneSettings settings,
            Clock clock,
            MissedCalls missed,
            Answers answers,
            Alerts alerts,
            ScenarioNumbers numbers,
            Launches launches,
            Tenancy tenancy,
            PhoneLogins logins,
            Takes takes,
            Slots slots) {
        this.settings = settings;
        this.activatorNumbers = numbers(settings.activatorNumbers());
        this.clock = clock;
        this.missed = missed;
        this.answers = answers;
        this.alerts = alerts;
        this.numbers = numbers;
        this.launches = launches;
        this.tenancy = tenancy;
        this.logins = logins;
        this.takes = takes;
        this.slots = slots;
        this.limits = new CallBack.Limits(
                new RateLimit(clock, 6, Duration.ofMinutes(10)),
                new RateLimit(clock, settings.keyedNumbersPerMinute(), Duration.ofMinutes(1)),
                new RateLimit(clock, 10, Duration.ofHours(1)));
        this.failures = new RateLimit(clock, 10, Duration.ofMinutes(15));
    }

    /**
     * As files write them: by commas, with blanks where people put them.
     *
     * @throws IllegalArgumentException naming the setting, what is wrong and the cure
     */
    private static Set<String> numbers(String[] written) {
        Set<String> numbers = Arrays.stream(written)
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(number -> number.replaceAll("[ .-]", ""))
                .filter(number -> !number.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        numbers.stream()
                .filter(number -> !E164.matcher(number).matches())
                .findFirst()
                .ifPresent(number -> {
                    throw new IllegalArgumentException(PhoneSettings.PID + ": activatorNumbers: \"" + number
                            + "\" is no international number; write it with its +, such as +33 1 99 00 12 34");
                });
        return numbers;
    }

    /** Whether the number is one of those that only people of the house are given. */
    boolean isForTheHouse(Caller caller) {
        return activatorNumbers.contains(caller.call().to());
    }

    /**
     * @param work where launches are worked out
     * @param voice which languages can be spoken, and what is spoken ahead
     */
    Talk first(Caller caller, Executor work, Voice voice, Consumer<List<Words>> ahead) {
        return heard -> {
            String language = language(caller, voice);
            Talk staff = voice.speaks(language)
                    ? identifying(caller, work, ahead, language)
                    // without its sentences nobody could be led through a launch
                    : any -> Reply.hangUp(List.of());
            return isForTheHouse(caller)
                    ? staff.next(heard)
                    : new CallBack(caller, missed, answers, limits, staff, language).next(heard);
        };
    }

    /** The language the line's tenants share. */
    private String language(Caller caller, Voice voice) {
        List<String> theirs = caller.line().tenants().stream()
                .flatMap(id -> tenancy.tenant(id).stream())
                .map(Tenant::language)
                .map(Phrase::language)
                .distinct()
                .toList();
        String wanted = theirs.size() == 1 ? theirs.get(0) : Phrase.language(settings.language());
        return voice.speaks(wanted)
                ? wanted
                : Phrase.LANGUAGES.stream().filter(voice::speaks).findFirst().orElse(wanted);
    }

    private Talk identifying(Caller caller, Executor work, Consumer<List<Words>> ahead, String language) {
        return new Identifying(caller, logins, tenancy, failures, member -> home(member, work, ahead), language);
    }

    private Talk home(Member member, Executor work, Consumer<List<Words>> ahead) {
        Launching.House house = new Launching.House(
                alerts, numbers, launches, work, ahead, new Waiting(SILENCE_BORNE), this::stillMay, clock);
        return new Home(
                member, back -> new Launching(house, member, back), back -> new Recorder(member, slots, takes, back));
    }

    /** Nobody is asked for a PIN again; who was suspended or lost the role meanwhile launches nothing. */
    boolean stillMay(Member member) {
        return Stream.concat(
                        tenancy.users(member.tenantId()).stream(),
                        member.person().principal().agencyId().stream()
                                .flatMap(agency -> tenancy.usersOfAgency(agency).stream()))
                .filter(user -> user.login().equals(member.person().login()))
                .filter(user -> user.state().equals("active"))
                .anyMatch(user -> Member.mayLaunch(user.roles()));
    }
}
