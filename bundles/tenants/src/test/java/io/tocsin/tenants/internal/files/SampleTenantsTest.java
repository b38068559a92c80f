package io.tocsin.tenants.internal.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The build's look at {@code tenants/}: the running node's own reader finds nothing wrong with it. */
class SampleTenantsTest {
    static final Path TENANTS = root().resolve("tenants");
    /** What ARCEP reserves for fiction, without the zero. */
    private static final Pattern FICTION = Pattern.compile("(?:19900|26191|35301|46571|53649|63998)\\d{4}");

    private static final Pattern NUMBER =
            Pattern.compile("(?:\\+33|0033|\\b0)[\\s.()0-]*([1-9](?:[\\s.-]?\\d){8})(?!\\d)");
    private static Rooms rooms;

    @BeforeAll
    static void start() {
        rooms = new Rooms();
    }

    @AfterAll
    static void stop() {
        rooms.close();
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("tenants/_agencies"))) {
            here = here.getParent();
        }
        return here;
    }

    @Test
    void nothingIsWrongWithAnyOfThem() throws Exception {
        FolderReader reader = new FolderReader(rooms.imports::inspect);
        List<String> problems = new ArrayList<>();
        Set<String> agencies = new TreeSet<>();
        try (Stream<Path> files = Files.list(TENANTS.resolve("_agencies"))) {
            files.forEach(file -> {
                Problems found = new Problems();
                reader.agency(file, found).ifPresent(agency -> agencies.add(agency.slug()));
                problems.addAll(found.texts());
            });
        }
        int tenants = 0;
        try (Stream<Path> folders = Files.list(TENANTS)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                if (!folder.endsWith("_agencies")) {
                    Problems found = new Problems();
                    tenants += reader.tenant(folder, agencies, found).isPresent() ? 1 : 0;
                    found.texts().forEach(text -> problems.add(folder.getFileName() + "/" + text));
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(tenants).isGreaterThanOrEqualTo(2);
    }

    @Test
    void noSampleCanRingARealPerson() throws Exception {
        List<String> real = new ArrayList<>();
        try (Stream<Path> files = Files.walk(TENANTS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                Matcher numbers = NUMBER.matcher(text);
                while (numbers.find()) {
                    String nine = numbers.group(1).replaceAll("\\D", "");
                    if (!FICTION.matcher(nine).matches()) {
                        real.add(file.getFileName() + ": " + numbers.group());
                    }
                }
            }
        }
        assertThat(real).isEmpty();
    }
}
