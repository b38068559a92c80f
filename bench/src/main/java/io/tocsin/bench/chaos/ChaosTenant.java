package io.tocsin.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tenant that faults are done to: one account, one list of everybody, one scenario of life and safety; and, where there are
 * switches, the same again for people who are called.
 */
final class ChaosTenant {
    static final String TENANT = "chaos";
    static final String LOGIN = "astreinte@chaos";
    static final String PASSWORD = "chaos-password-for-one-run";
    static final String SCENARIO = "crue";
    static final String CALL_SCENARIO = "appel";

    private static final String LANDLINE = "+3319900";

    private ChaosTenant() {}

    /** Each with a number of their own that cannot ring: 14 digits under a range kept for fiction. In no order. */
    static void populate(Connection connection, int people) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin,
                        legal_basis, reach)
                    select t.tenant_id, 'c' || i, 'Prénom', 'Nom' || i, 'fr', '{chaos}', '{}', 'chaos', 'chaos',
                           jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+33639980'
                               || lpad((i::bigint * 7368787 %% 10000000)::text, 7, '0')))
                    from tenant t, generate_series(1, %d) i where t.slug = '%s'
                    """
                            .formatted(people, TENANT));
            statement.execute(
                    """
                    insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                    select c.tenant_id, c.contact_id, 1, 'mobile', c.reach -> 0 ->> 'address', '', 'chaos', 'chaos'
                    from contact c join tenant t using (tenant_id) where t.slug = '%s'
                    """
                            .formatted(TENANT));
            statement.execute("vacuum analyze contact, endpoint");
            statement.execute("checkpoint");
        }
    }

    /** Those who are called, beside those who are written to. @param people up to 10,000: as many as there are numbers kept for fiction */
    static void populateCalled(Connection connection, int people) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin,
                        legal_basis, reach)
                    select t.tenant_id, 'a' || i, 'Prénom', 'Appel' || i, 'fr', '{appel}', '{}', 'chaos', 'chaos',
                           jsonb_build_array(jsonb_build_object('kind', 'landline', 'address', '%s' || lpad(i::text, 4, '0')))
                    from tenant t, generate_series(0, %d) i where t.slug = '%s'
                    """
                            .formatted(LANDLINE, people - 1, TENANT));
            statement.execute(
                    """
                    insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                    select c.tenant_id, c.contact_id, 1, 'landline', c.reach -> 0 ->> 'address', '', 'chaos', 'chaos'
                    from contact c join tenant t using (tenant_id) where t.slug = '%s' and c.tags = '{appel}'
                    """
                            .formatted(TENANT));
            statement.execute("analyze contact, endpoint");
        }
    }

    /** As the trunk dials it. */
    static String national(String e164) {
        return "0" + e164.substring(3);
    }

    /**
     * Adds to its folder what calls need: each node has a switch of its own.
     *
     * @param lines of each site's switch
     * @param host of a node's switch, or a reference to it; as is {@code port}
     */
    static void writeCalls(Path tenants, int lines, String host, String port) throws IOException {
        Path folder = tenants.resolve(TENANT);
        Files.writeString(
                folder.resolve("accounts.yaml"),
                """
                - slug: voix
                  channel: voice
                  rank: 10
                  settings:
                    host: %s
                    port: %s
                    user: tocsin
                    password: secret:chaos-switch
                    dial: PJSIP/{number}@carrier
                    numbers: national
                    lines: "%d"
                    lines-here: "%d"
                    caller-id: "+33162000001"
                    reconnect-patience: 10s
                """
                        .formatted(host, port, 2 * lines, lines),
                StandardOpenOption.APPEND);
        Files.writeString(
                folder.resolve("lists.yaml"),
                "- {slug: appel, name: Appel, kind: tags, all-tags: [appel]}\n",
                StandardOpenOption.APPEND);
        Files.writeString(
                folder.resolve("scenarios").resolve(CALL_SCENARIO + ".yaml"),
                """
                name: Crue, par téléphone
                category: life-safety
                lists: [appel]
                cascade:
                  - {channel: voice, patience: PT30M, attempts: 5, until: answered}
                question:
                  choices: {"1": Je suis en sécurité, "2": J'ai besoin d'aide}
                call:
                  ring: 20s
                  machine: ignore
                  retry: {no-key: 5s, hung-up: 5s, congestion: 5s, no-answer: 5s, unavailable: 5s, busy: 5s}
                fallback-language: fr
                messages:
                  fr:
                    voice: {text: "La rivière déborde. Montez à l'école. Ceci est un essai."}
                """);
    }

    /**
     * Its folder.
     *
     * @param perSecond the account's throttle; 0 for none
     * @param host of the carrier
     * @param port of the carrier, or a reference to it
     */
    static void write(Path tenants, int people, int perSecond, String host, String port) throws IOException {
        Path folder = Files.createDirectories(tenants.resolve(TENANT).resolve("scenarios"))
                .getParent();
        Files.writeString(
                folder.resolve("tenant.yaml"),
                """
                name: Chaos
                kind: bench
                agency: {slug: agence-chaos, name: Agence chaos}
                language: fr
                time-zone: Europe/Paris
                sms-sender: Tocsin
                quotas: {contacts: %d, recipients: %d, running-alerts: 50}
                """
                        .formatted(Math.max(10, people * 2), Math.max(10, people * 2)));
        Files.writeString(
                folder.resolve("users.yaml"),
                """
                - login: %s
                  name: Astreinte
                  roles: [tenant-admin, activator, auditor]
                  password: secret:chaos-user
                """
                        .formatted(LOGIN));
        Files.writeString(
                folder.resolve("accounts.yaml"),
                """
                - slug: sms
                  channel: sms
                  rank: 10%s
                  settings:
                    host: %s
                    port: %s
                    system-id: tocsin
                    password: secret:lab-sms
                    transmit-binds: "4"
                    receive-binds: "2"
                    window: "200"
                    reference-tag: "0x1400"
                """
                        .formatted(perSecond > 0 ? "\n  messages-per-second: " + perSecond : "", host, port));
        Files.writeString(
                folder.resolve("scenarios").resolve(SCENARIO + ".yaml"),
                """
                name: Crue
                category: life-safety
                lists: [tous]
                cascade:
                  - {channel: sms, patience: PT30M, attempts: 5, until: delivered}
                fallback-language: fr
                messages:
                  fr:
                    sms: {text: "CRUE : montez a l'ecole, {{last_name}}. Ceci est un essai."}
                """);
        Files.write(
                folder.resolve("lists.yaml"),
                "- {slug: tous, name: Tous, kind: tags, all-tags: [chaos]}\n".getBytes(StandardCharsets.UTF_8));
    }
}
