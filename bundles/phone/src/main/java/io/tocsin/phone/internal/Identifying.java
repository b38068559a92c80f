package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue.Heard;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.phone.internal.Choosing.Item;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.PhoneLogins.Person;
import io.tocsin.tenants.api.Tenancy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The way in for people of the house: ID, PIN, and the tenant they act in. What is wrong of the two is never said. */
final class Identifying implements Talk {
    private static final int TRIES = 3;
    private static final int LONGEST = 12;
    private static final Duration KEYING = Duration.ofSeconds(8);

    private final Caller caller;
    private final PhoneLogins logins;
    private final Tenancy tenancy;
    private final RateLimit failures;
    private final Function<Member, Talk> home;
    private final String language;

    /** @param failures of one caller; the lock of an ID, whoever calls, comes on top */
    Identifying(
            Caller caller,
            PhoneLogins logins,
            Tenancy tenancy,
            RateLimit failures,
            Function<Member, Talk> home,
            String language) {
        this.caller = caller;
        this.logins = logins;
        this.tenancy = tenancy;
        this.failures = failures;
        this.home = home;
        this.language = language;
    }

    @Override
    public Reply next(Heard heard) {
        return askId(TRIES);
    }

    private Reply askId(int tries) {
        if (!failures.allows(caller.source())) {
            return Reply.hangUp(List.of(fixed(Phrase.TRY_LATER), fixed(Phrase.GOODBYE)));
        }
        return Reply.keys(List.of(fixed(Phrase.KEY_ID)), LONGEST, KEYING, heard -> {
            String id = Reply.keys(heard);
            if (!id.isEmpty()) {
                return askPin(id, tries);
            }
            return tries > 1 ? askId(tries - 1) : Reply.hangUp(List.of(fixed(Phrase.GOODBYE)));
        });
    }

    private Reply askPin(String id, int tries) {
        return Reply.keys(
                List.of(fixed(Phrase.KEY_PIN)), LONGEST, KEYING, heard -> identify(id, Reply.keys(heard), tries));
    }

    private Reply identify(String id, String pin, int tries) {
        Optional<Person> person =
                failures.allows(caller.source()) ? logins.identify(id, pin, caller.masked()) : Optional.empty();
        if (person.isPresent()) {
            return enter(person.get());
        }
        failures.take(caller.source());
        List<Words> wrong = List.of(fixed(Phrase.WRONG_LOGIN));
        return tries > 1
                ? askId(tries - 1).after(wrong)
                : Reply.hangUp(List.of(fixed(Phrase.GOODBYE))).after(wrong);
    }

    /** Tenants this person may enter, of those whose line it is. */
    private Reply enter(Person person) {
        List<Tenant> open = caller.line().tenants().stream()
                .sorted()
                .flatMap(id -> tenancy.tenant(id).stream())
                .filter(tenant -> tenant.state().equals("active"))
                .filter(tenant -> person.principal().mayEnter(tenant.id(), tenant.agencyId()))
                .toList();
        if (open.isEmpty()) {
            return Reply.hangUp(List.of(fixed(Phrase.NO_TENANT), fixed(Phrase.GOODBYE)));
        }
        if (open.size() == 1) {
            return enter(person, open.get(0));
        }
        List<Item<Tenant>> items = open.stream().map(tenant -> item(tenant)).toList();
        return new Choosing<>(
                        fixed(Phrase.KEY_TENANT),
                        fixed(Phrase.NO_SUCH_NUMBER),
                        items,
                        tenant -> enter(person, tenant),
                        heard -> Reply.hangUp(List.of(fixed(Phrase.GOODBYE))))
                .next(null);
    }

    private Item<Tenant> item(Tenant tenant) {
        String sentence = language.equals("en")
                ? "For " + tenant.name() + ", enter " + tenant.id() + "."
                : "Pour " + tenant.name() + ", composez " + tenant.id() + ".";
        return new Item<>(tenant.id(), new Words.Text(tenant.id(), sentence, language), tenant);
    }

    private Reply enter(Person person, Tenant tenant) {
        Member member = new Member(person, tenant.id(), Phrase.language(tenant.language()), caller.masked());
        return home.apply(member)
                .next(null)
                .after(List.of(member.text("Bonjour, " + person.name() + ".", "Hello, " + person.name() + ".")));
    }

    private Words fixed(Phrase phrase) {
        return new Words.Fixed(phrase, language);
    }
}
