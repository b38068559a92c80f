package io.tocsin.phone.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Preview;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.alerting.api.ScenarioNumbers.Numbered;
import io.tocsin.channel.api.Dialogue.Heard;
import io.tocsin.channel.api.Dialogue.Keys;
import io.tocsin.phone.internal.Choosing.Item;
import io.tocsin.phone.internal.Launches.Last;
import io.tocsin.routing.api.Alert;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launches an alert by telephone: drill or real, the scenario by its number, its name and head-count from a dry run, a
 * confirmation, the result. A launch is meant once: whoever confirms twice what they heard once, in one call or two, launches once.
 */
final class Launching implements Talk {
    private static final Logger LOG = LoggerFactory.getLogger(Launching.class);

    /** So long after a launch the same one is announced as a second one, and confirmed with another key. */
    static final Duration LATELY = Duration.ofMinutes(15);

    private static final Duration KEYING = Duration.ofSeconds(10);
    private static final int TRIES = 3;

    /**
     * What launching needs of the house.
     *
     * @param work where the database works while the caller listens
     * @param ahead speaks what will be said soon; returns at once
     * @param stillMay whether somebody who signed in minutes ago still has their role; blocks (database)
     */
    record House(
            Alerts alerts,
            ScenarioNumbers numbers,
            Launches launches,
            Executor work,
            Consumer<List<Words>> ahead,
            Waiting waiting,
            Predicate<Member> stillMay,
            Clock clock) {}

    private final House house;
    private final Member member;
    private final Talk home;

    /** @param home where it comes back to */
    Launching(House house, Member member, Talk home) {
        this.house = house;
        this.member = member;
        this.home = home;
    }

    @Override
    public Reply next(Heard heard) {
        List<Numbered> scenarios = house.numbers.of(member.tenantId());
        if (scenarios.isEmpty()) {
            return back(member.fixed(Phrase.NO_SCENARIO));
        }
        List<Item<Numbered>> items = scenarios.stream().map(this::item).toList();
        List<Words> soon = new ArrayList<>(items.stream().map(Item::said).toList());
        scenarios.forEach(scenario -> soon.add(name(scenario)));
        house.ahead.accept(soon);
        return drillOrReal(items, TRIES);
    }

    private Item<Numbered> item(Numbered scenario) {
        return new Item<>(
                scenario.number(),
                member.text(
                        "Pour " + scenario.name() + ", composez " + scenario.number() + ".",
                        "For " + scenario.name() + ", enter " + scenario.number() + "."),
                scenario);
    }

    private Reply drillOrReal(List<Item<Numbered>> items, int tries) {
        return Reply.keys(List.of(member.fixed(Phrase.DRILL_OR_REAL)), 1, KEYING, heard -> {
            String key = Reply.keys(heard);
            if (key.equals("1") || key.equals("2")) {
                return scenario(items, key.equals("1"));
            }
            return key.equals("*") || tries <= 1 ? home.next(heard) : drillOrReal(items, tries - 1);
        });
    }

    private Reply scenario(List<Item<Numbered>> items, boolean drill) {
        return new Choosing<>(
                        member.fixed(Phrase.KEY_SCENARIO),
                        member.fixed(Phrase.NO_SUCH_NUMBER),
                        items,
                        scenario -> check(new Meant(scenario, drill)),
                        heard -> back(member.fixed(Phrase.GIVEN_UP)))
                .next(null)
                .after(List.of(kind(drill)));
    }

    private record Meant(Numbered scenario, boolean drill) {
        LaunchRequest request() {
            return new LaunchRequest(scenario.scenario(), drill, Map.of(), Optional.empty(), Optional.empty());
        }
    }

    /** A dry run of the launch, while the caller hears what they have chosen. */
    private Reply check(Meant meant) {
        CompletableFuture<Preview> preview = CompletableFuture.supplyAsync(
                () -> house.alerts.preview(member.tenantId(), meant.request()), house.work);
        List<Words> said = List.of(kind(meant.drill), name(meant.scenario), member.fixed(Phrase.CHECKING));
        return Reply.goOn(said, heard -> awaited(preview, checked -> checked(meant, checked)));
    }

    private Reply checked(Meant meant, Preview preview) {
        if (!preview.problems().isEmpty()) {
            return refused(preview.problems());
        }
        Optional<Last> last = house.launches.last(member.tenantId(), meant.scenario.scenario(), meant.drill);
        Optional<Last> lately = last.filter(launch ->
                !launch.cancelled() && launch.at().isAfter(house.clock.instant().minus(LATELY)));
        List<Words> said = new ArrayList<>(List.of(kind(meant.drill), name(meant.scenario), people(preview.people())));
        lately.ifPresent(launch -> said.add(before(launch)));
        said.add(member.fixed(lately.isPresent() ? Phrase.CONFIRM_AGAIN : Phrase.CONFIRM));
        String right = lately.isPresent() ? "2" : "1";
        return confirm(meant, said, right, last.map(Last::alertId).orElse(0L), TRIES);
    }

    private Words before(Last launch) {
        long minutes =
                Math.max(1, Duration.between(launch.at(), house.clock.instant()).toMinutes());
        return member.text(
                "Attention : ce scénario a déjà été lancé il y a moins de " + (minutes + 1) + " minutes.",
                "Mind: this scenario has already been launched, less than " + (minutes + 1) + " minutes ago.");
    }

    /**
     * @param right the key that confirms: another one when it is not the first time
     * @param after the last launch the caller was told of, 0 for none: who confirms after the same one means the same launch
     */
    private Reply confirm(Meant meant, List<Words> said, String right, long after, int tries) {
        return Reply.keys(said, 2, KEYING, heard -> {
            String keys = Reply.keys(heard);
            // a key and then silence may be a slip, or a line that broke: nobody is woken for it
            if (keys.equals(right) && heard instanceof Keys pressed && pressed.hash()) {
                return launch(meant, after);
            }
            return keys.startsWith("*") || tries <= 1
                    ? back(member.fixed(Phrase.GIVEN_UP))
                    : confirm(meant, said, right, after, tries - 1);
        });
    }

    /** Begun here, it is done even if the caller is gone. */
    private Reply launch(Meant meant, long after) {
        if (!house.stillMay.test(member)) {
            return Reply.hangUp(List.of(member.fixed(Phrase.NOT_ALLOWED), member.fixed(Phrase.GOODBYE)));
        }
        Instant confirmed = house.clock.instant();
        String key = "phone." + (meant.drill ? "drill." : "real.") + after + "." + meant.scenario.scenario();
        CompletableFuture<Alert> launched = CompletableFuture.supplyAsync(
                () -> member.ofAgency()
                        ? house.alerts.launchOnBehalf(
                                member.tenantId(), meant.request(), Optional.of(key), member.actor())
                        : house.alerts.launch(member.tenantId(), meant.request(), Optional.of(key), member.actor()),
                house.work);
        return Reply.goOn(
                List.of(member.fixed(Phrase.ONE_MOMENT)),
                heard -> awaited(launched, alert -> launched(alert, confirmed)));
    }

    private Reply launched(Alert alert, Instant confirmed) {
        boolean before = alert.launchedAt().isBefore(confirmed);
        return back(
                kind(alert.drill()),
                member.fixed(before ? Phrase.LAUNCHED_BEFORE : Phrase.LAUNCHED),
                people(alert.recipients()));
    }

    /** What is not done yet is waited for with words, not with silence. */
    private <T> Reply awaited(CompletableFuture<T> work, Function<T, Reply> then) {
        return house.waiting
                .await(work)
                .<Reply>map(done -> {
                    if (done.value().isPresent()) {
                        return then.apply(done.value().get());
                    }
                    if (done.failure() instanceof LaunchRefusedException refused) {
                        return refused(refused.problems());
                    }
                    LOG.error(
                            "phone.launch-failed tenant={} user={}",
                            member.tenantId(),
                            member.person().login(),
                            done.failure());
                    return back(member.fixed(Phrase.NOT_LAUNCHED));
                })
                .orElseGet(() -> Reply.goOn(List.of(member.fixed(Phrase.ONE_MOMENT)), heard -> awaited(work, then)));
    }

    private Reply refused(List<Problem> problems) {
        List<Words> said = new ArrayList<>(List.of(member.fixed(Phrase.REFUSED)));
        problems.stream().map(this::reason).distinct().limit(3).forEach(said::add);
        return home.next(null).after(said);
    }

    private Words reason(Problem problem) {
        String field = problem.field();
        boolean quota = problem.problem().contains("quota");
        if (field.startsWith("variables.")) {
            String variable = field.substring("variables.".length()).replace('_', ' ');
            return member.text(
                    "Il manque une valeur pour « " + variable + " ».", "A value is missing for “" + variable + "”.");
        }
        if (quota) {
            return member.fixed(Phrase.QUOTA);
        }
        if (field.equals("consent")) {
            return member.text(
                    "L'organisation n'a pas autorisé son agence à lancer en son nom.",
                    "The organisation has not allowed its agency to launch in its name.");
        }
        return switch (field) {
            case "lists" -> member.fixed(Phrase.NOBODY);
            case "tenant" -> member.fixed(Phrase.SUSPENDED);
            default -> member.fixed(Phrase.SEE_SCREEN);
        };
    }

    private Words kind(boolean drill) {
        return member.fixed(drill ? Phrase.DRILL : Phrase.REAL);
    }

    private Words name(Numbered scenario) {
        return member.text(scenario.name() + ".", scenario.name() + ".");
    }

    private Words people(int people) {
        return people == 1
                ? member.text("Une personne est concernée.", "One person is concerned.")
                : member.text(people + " personnes sont concernées.", people + " people are concerned.");
    }

    private Reply back(Words... said) {
        return home.next(null).after(List.of(said));
    }
}
