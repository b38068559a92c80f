package io.tocsin.rest.internal.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class PackagePartTest {
    private final ByteArrayOutputStream given = new ByteArrayOutputStream();

    private static void pack(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (String name : new String[] {"manifest.json", "report.pdf", "results.csv"}) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(name.getBytes());
        }
        zip.finish();
    }

    @Test
    void onePartIsGivenOnAndNothingElse() throws IOException {
        try (PackagePart part = new PackagePart("results.csv", given)) {
            pack(part);
        }
        assertThat(given).hasToString("results.csv");
    }

    @Test
    void whatIsNotThereOrBrokeOffGivesNothing() {
        assertThatThrownBy(() -> {
                    try (PackagePart part = new PackagePart("other.csv", given)) {
                        pack(part);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> {
                    try (PackagePart part = new PackagePart("report.pdf", given)) {
                        part.write(80);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(given.size()).isZero();
    }
}
