package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class ServerNamesTest {
    private final Map<String, String> dns = new HashMap<>(Map.of("pg-a", "10.0.1.1", "pg-b", "fd00::2"));

    private InetAddress find(String name) throws UnknownHostException {
        if (!dns.containsKey(name)) {
            throw new UnknownHostException(name);
        }
        return InetAddress.getByName(dns.get(name));
    }

    private static PGSimpleDataSource source(String options) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://pg-a:5432,pg-b:5433/tocsin" + options);
        return source;
    }

    @Test
    void whereANameWasLastFoundIsKnownWhileItIsNot() {
        PGSimpleDataSource source = source("");
        try (ServerNames names = new ServerNames(List.of(source), this::find, "test")) {
            names.look();
            assertThat(names.missing()).isEmpty();
            assertThat(source.getServerNames()).containsExactly("10.0.1.1", "[fd00:0:0:0:0:0:0:2]");
            assertThat(source.getPortNumbers()).containsExactly(5432, 5433);

            dns.clear();
            names.look();
            assertThat(names.missing()).isEqualTo("pg-a, pg-b");
            assertThat(names.remembered()).isTrue();
            assertThat(source.getServerNames()).containsExactly("10.0.1.1", "[fd00:0:0:0:0:0:0:2]");

            dns.put("pg-a", "10.0.9.9");
            names.look();
            assertThat(names.missing()).isEqualTo("pg-b");
            assertThat(source.getServerNames()).as("moved").containsExactly("10.0.9.9", "[fd00:0:0:0:0:0:0:2]");
        }
    }

    @Test
    void aNameThatWasNeverFoundStaysAName() {
        dns.remove("pg-b");
        PGSimpleDataSource source = source("");
        try (ServerNames names = new ServerNames(List.of(source), this::find, "test")) {
            names.look();
            assertThat(names.remembered()).isFalse();
            assertThat(source.getServerNames()).containsExactly("10.0.1.1", "pg-b");
        }
    }

    @Test
    void namesThatCertificatesAreHeldAgainstAreKept() {
        PGSimpleDataSource source = source("?sslmode=verify-full");
        try (ServerNames names = new ServerNames(List.of(source), this::find, "test")) {
            names.look();
            assertThat(source.getServerNames()).containsExactly("pg-a", "pg-b");
            assertThat(names.remembered()).isFalse();
        }
    }
}
