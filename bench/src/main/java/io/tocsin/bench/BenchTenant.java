package io.tocsin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tenant made for a measurement, written as files like any other: one list, one scenario, one or more SMS accounts. */
final class BenchTenant {
    static final String SLUG = "bench";
    static final String LOGIN = "bench@bench";
    static final String SECRET = "bench-user";
    static final String SCENARIO = "mesure";

    private BenchTenant() {}

    /**
     * @param accounts how many SMS accounts
     * @param binds transmit binds of each
     * @param window messages in flight of each
     */
    static void write(Path tenants, int recipients, int accounts, int binds, int window) throws IOException {
        Path folder = Files.createDirectories(tenants.resolve(SLUG));
        Files.writeString(
                folder.resolve("tenant.yaml"),
                """
                name: Mesure
                kind: bench
                agency: {slug: agence-bench, name: Agence bench}
                language: fr
                time-zone: Europe/Paris
                sms-sender: Tocsin
                quotas: {contacts: %d, recipients: %d, running-alerts: 50}
                """
                        .formatted(Math.max(10, recipients * 2), Math.max(10, recipients * 2)));
        Files.writeString(
                folder.resolve("users.yaml"),
                """
                - login: %s
                  name: Bench
                  roles: [tenant-admin, activator, auditor]
                  password: secret:%s
                """
                        .formatted(LOGIN, SECRET));
        StringBuilder carriers = new StringBuilder();
        for (int i = 1; i <= accounts; i++) {
            carriers.append(
                    """
                    - slug: sms-%d
                      channel: sms
                      rank: 10
                      settings:
                        host: 127.0.0.1
                        port: ${lab.sms.port:2775}
                        system-id: tocsin-%d
                        password: secret:lab-sms
                        transmit-binds: "%d"
                        receive-binds: "2"
                        window: "%d"
                    """
                            .formatted(i, i, binds, window));
        }
        Files.writeString(folder.resolve("accounts.yaml"), carriers);
        Files.createDirectories(folder.resolve("scenarios"));
        Files.writeString(
                folder.resolve("scenarios").resolve(SCENARIO + ".yaml"),
                """
                name: Mesure
                category: operational
                lists: [tous]
                cascade:
                  - {channel: sms, patience: PT30M, attempts: 3, until: delivered}
                fallback-language: fr
                messages:
                  fr:
                    sms: {text: "Mesure {{numero}} : ceci est un message de longueur ordinaire, envoye pour mesurer."}
                """);
        Files.writeString(
                folder.resolve("lists.yaml"),
                """
                - slug: tous
                  name: Tous
                  kind: tags
                  all-tags: [bench]
                """);
    }
}
