package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * While nodes are upgraded one after the other, those of the release before work on the schema of the one after. So a migration adds. What takes
 * something away is kept apart, in {@code db/contract}, under a name that says since which step nothing uses it: it waits for nodes that may.
 */
class MigrationRulesTest {
    /** What was there before nodes were upgraded one by one. */
    private static final int OLD = 31;

    /** From this step on nodes say which steps they know: what was unused before cannot be waited for. */
    private static final int KEPT = 39;

    private static final Pattern CONTRACT = Pattern.compile("V([0-9]+)__(?=unused_since_V([0-9]+)_)(.+)\\.sql");
    private static final Pattern VERSION = Pattern.compile("V([0-9]+)__.*");
    private static final Pattern TAKES_AWAY = Pattern.compile(
            "drop\\s+(table|column|view|type|procedure)|rename\\s+(to|column|constraint)|alter\\s+column\\s+\\w+\\s+(set\\s+data\\s+)?type"
                    + "|set\\s+not\\s+null|add\\s+column\\s+(if\\s+not\\s+exists\\s+)?\\w+\\s+(?![^,;]*default)[^,;]*not\\s+null|truncate\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DROPS =
            Pattern.compile("drop\\s+(function|constraint)\\s+(?:if\\s+exists\\s+)?(\\w+)", Pattern.CASE_INSENSITIVE);

    private static Optional<String> takesAway(String file) {
        String sql = file.replaceAll("--[^\n]*", "");
        Matcher found = TAKES_AWAY.matcher(sql);
        if (found.find()) {
            return Optional.of(found.group());
        }
        // what is made again in the same transaction was there all the time
        return DROPS.matcher(sql)
                .results()
                .filter(dropped -> !Pattern.compile(
                                "(create|add)\\s+" + dropped.group(1) + "\\s+" + dropped.group(2) + "\\b")
                        .matcher(sql)
                        .find())
                .map(MatchResult::group)
                .findFirst();
    }

    @Test
    void whatARunningReleaseMayUseStays() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            List<Path> recent = files.filter(file -> {
                        Matcher version = VERSION.matcher(file.getFileName().toString());
                        return version.matches() && Integer.parseInt(version.group(1)) > OLD;
                    })
                    .toList();
            for (Path file : recent) {
                assertThat(takesAway(Files.readString(file)))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    /** A release that takes nothing away has no such folder. */
    @Test
    void whatTakesAwaySaysSinceWhenNothingUsesIt() throws IOException {
        Path contracts = Path.of("src/main/resources/db/contract");
        if (Files.isDirectory(contracts)) {
            try (Stream<Path> files = Files.list(contracts)) {
                assertThat(files).allSatisfy(file -> assertThat(
                                saysSince(file.getFileName().toString()))
                        .as(file.toString())
                        .isTrue());
            }
        }
    }

    private static boolean saysSince(String name) {
        Matcher said = CONTRACT.matcher(name);
        return said.matches()
                && Integer.parseInt(said.group(2)) < Integer.parseInt(said.group(1))
                && Integer.parseInt(said.group(2)) >= KEPT
                && Migrations.CONTRACT.matcher(said.group(3).replace('_', ' ')).matches();
    }

    @ParameterizedTest
    @ValueSource(strings = {"V41__unused_since_V39_old_letters.sql", "V99__unused_since_V98_a.sql"})
    void isANameOfAContract(String name) {
        assertThat(saysSince(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "V41__old_letters.sql",
                "V41__unused_since_V41_old_letters.sql",
                "V41__unused_since_V38_old_letters.sql",
                "V41__unused_since_V39.sql"
            })
    void isNone(String name) {
        assertThat(saysSince(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop table contact",
                "alter table a drop column b",
                "alter table a\n  rename column b to c",
                "alter table a rename to b",
                "alter table a alter column b type bigint",
                "alter table a alter column b set not null",
                "alter table a add column b integer not null",
                "truncate contact",
                "alter table a drop constraint b",
                "drop function f(integer); create function g(integer) returns integer language sql as 'select 1'"
            })
    void isNoticed(String sql) {
        assertThat(takesAway(sql)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table a (b integer not null)",
                "alter table a add column b integer",
                "alter table a add column b integer not null default 0",
                "create index on a (b) -- never drop table a",
                "alter table a drop constraint b; alter table a add constraint b check (c in (1, 2, 3))",
                "drop function f(integer); create function f(integer) returns integer language sql as 'select 1'"
            })
    void isAddedTo(String sql) {
        assertThat(takesAway(sql)).isEmpty();
    }
}
