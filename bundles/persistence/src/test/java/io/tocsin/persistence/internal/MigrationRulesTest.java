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
 * While nodes are upgraded one after the other, those of the release before work on the schema of the one after. So a migration adds, and takes
 * away only what no release does use that may still run beside it: such a file begins with {@code -- contracts: } and says since when nothing uses it.
 */
class MigrationRulesTest {
    /** What was there before nodes were upgraded one by one. */
    private static final int OLD = 31;

    private static final Pattern VERSION = Pattern.compile("V([0-9]+)__.*");
    private static final Pattern TAKES_AWAY = Pattern.compile(
            "drop\\s+(table|column|view|type|procedure)|rename\\s+(to|column|constraint)|alter\\s+column\\s+\\w+\\s+(set\\s+data\\s+)?type"
                    + "|set\\s+not\\s+null|add\\s+column\\s+(if\\s+not\\s+exists\\s+)?\\w+\\s+(?![^,;]*default)[^,;]*not\\s+null|truncate\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DROPS =
            Pattern.compile("drop\\s+(function|constraint)\\s+(?:if\\s+exists\\s+)?(\\w+)", Pattern.CASE_INSENSITIVE);

    private static Optional<String> takesAway(String file) {
        if (file.startsWith("-- contracts: ")) {
            return Optional.empty();
        }
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
        assertThat(takesAway("-- contracts: unused since V12\n" + sql)).isEmpty();
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
