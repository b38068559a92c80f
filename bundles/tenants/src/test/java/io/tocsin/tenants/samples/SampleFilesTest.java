package io.tocsin.tenants.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed contact files are what {@link SampleFiles} makes: to change them, change it and run its main. */
class SampleFilesTest {

    @Test
    void theFilesAreWhatTheGeneratorMakes() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("tenants/_agencies"))) {
            here = here.getParent();
        }
        for (var file : SampleFiles.all().entrySet()) {
            assertThat(Files.readAllBytes(here.resolve("tenants").resolve(file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
    }

    @Test
    void theCommuneHasFiveThousandPeople() {
        byte[] bytes = SampleFiles.all().get("saint-aurel-sur-loue/contacts/habitants.csv");
        assertThat(new String(bytes, Charset.forName("windows-1252")).lines()).hasSize(5_001);
    }
}
