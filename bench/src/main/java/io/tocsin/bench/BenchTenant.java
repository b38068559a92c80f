package io.tocsin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tenant made for a measurement, written as files like any other: one list, one scenario.
 *
 * @param category of its scenario
 * @param recipients people in its alert
 */
record BenchTenant(String slug, String category, int recipients) {
    static final String SECRET = "bench-user";
    static final String SCENARIO = "mesure";

    private static final String AGENCY = "agence-bench";

    /** The tenant of the benches that need one only. */
    static BenchTenant only(int recipients) {
        return new BenchTenant("bench", "operational", recipients);
    }

    String login() {
        return "bench@" + slug;
    }

    /**
     * SMS accounts as a file of accounts lists them.
     *
     * @param accounts how many
     * @param binds transmit binds of each
     * @param window messages in flight of each
     * @param perSecond each one's throttle; 0 for none
     */
    static String carriers(int accounts, int binds, int window, int perSecond) {
        return carriers(1, accounts, binds, window, perSecond);
    }

    /** @param first number of the first login, for tenants beside each other: a login is one owner's */
    static String carriers(int first, int accounts, int binds, int window, int perSecond) {
        StringBuilder carriers = new StringBuilder();
        for (int i = first; i < first + accounts; i++) {
            carriers.append(
                    """
                    - slug: sms-%d
                      channel: sms
                      rank: 10%s
                      settings:
                        host: 127.0.0.1
                        port: ${lab.sms.port:2775}
                        system-id: tocsin-%d
                        password: secret:lab-sms
                        transmit-binds: "%d"
                        receive-binds: "2"
                        window: "%d"
                    """
                            .formatted(
                                    i,
                                    perSecond == 0 ? "" : "\n  messages-per-second: " + perSecond,
                                    i,
                                    binds,
                                    window));
        }
        return carriers.toString();
    }

    /** Writes the agency of these tenants, which shares accounts with them. @param carriers see {@link #carriers} */
    static void writeAgency(Path tenants, String carriers) throws IOException {
        Path agencies = Files.createDirectories(tenants.resolve("_agencies"));
        Files.writeString(agencies.resolve(AGENCY + ".yaml"), "name: Agence bench\naccounts:\n" + carriers.indent(2));
    }

    /** Writes the tenant's folder. @param carriers accounts of its own, see {@link #carriers}; empty: its agency's */
    void write(Path tenants, String carriers) throws IOException {
        Path folder = Files.createDirectories(tenants.resolve(slug));
        Files.writeString(
                folder.resolve("tenant.yaml"),
                """
                name: Mesure
                kind: bench
                agency: {slug: %s, name: Agence bench}
                language: fr
                time-zone: Europe/Paris
                sms-sender: "36111"
                quotas: {contacts: %d, recipients: %d, running-alerts: 50}
                """
                        .formatted(AGENCY, Math.max(10, recipients * 2), Math.max(10, recipients * 2)));
        Files.writeString(
                folder.resolve("users.yaml"),
                """
                - login: %s
                  name: Bench
                  roles: [tenant-admin, activator, auditor]
                  password: secret:%s
                """
                        .formatted(login(), SECRET));
        if (!carriers.isEmpty()) {
            Files.writeString(folder.resolve("accounts.yaml"), carriers);
        }
        writeScenario(
                tenants,
                """
                name: Mesure
                category: %s
                lists: [tous]
                cascade:
                  - {channel: sms, patience: PT30M, attempts: 3, until: delivered}
                fallback-language: fr
                messages:
                  fr:
                    sms: {text: "Mesure {{numero}} : ceci est un message de longueur ordinaire, envoye pour mesurer."}
                """
                        .formatted(category));
        Files.writeString(
                folder.resolve("lists.yaml"),
                """
                - slug: tous
                  name: Tous
                  kind: tags
                  all-tags: [bench]
                """);
    }

    /** The one scenario of the tenant. */
    void writeScenario(Path tenants, String scenario) throws IOException {
        Path scenarios = Files.createDirectories(tenants.resolve(slug).resolve("scenarios"));
        Files.writeString(scenarios.resolve(SCENARIO + ".yaml"), scenario);
    }
}
