package io.tocsin.stories;

import io.tocsin.bench.RunningNode;
import io.tocsin.peers.Asterisk;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A commune made to have faults told on it: its people are numbered, by name, telephone and mailbox alike, so that what
 * a carrier saw can be put against what the ledger says of each of them.
 */
final class Combe {
    static final String SLUG = "combe-aux-loups";
    static final String LOGIN = "astreinte@combe-aux-loups";
    static final String PASSWORD = "astreinte-story-password";

    /** Life safety, by SMS. */
    static final String FLOOD = "crue";
    /** Information, by SMS. */
    static final String ROADWORKS = "travaux";
    /** Life safety, by mail. */
    static final String MAIL = "courriel";

    /** Everybody; the first and the second half. */
    static final String ALL = "tous";

    static final String LEFT_BANK = "rive-gauche";
    static final String RIGHT_BANK = "rive-droite";

    private final int people;
    private final List<String> accounts = new ArrayList<>();
    private final List<String> pages = new ArrayList<>();
    private final Map<String, String> scenarios = new TreeMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> neighbours = new ArrayList<>();
    private String mailboxes = "habitant%04d@combe.example";
    private String webhooks = "";
    private final Map<Integer, String> otherMailboxes = new TreeMap<>();

    private Combe(int people) {
        this.people = people;
        scenario(
                FLOOD,
                "life-safety",
                "sms",
                "sms: {text: \"CRUE a Combe-aux-Loups, {{last_name}} : montez a l'ecole.\"}");
        scenario(
                ROADWORKS,
                "information",
                "sms",
                "sms: {text: \"Travaux a Combe-aux-Loups, {{last_name}} : le pont est ferme lundi.\"}");
        scenario(
                MAIL,
                """
                name: Crue, par courriel
                category: life-safety
                lists: [tous]
                cascade:
                  - {channel: mail, patience: PT10M, attempts: 5, until: delivered}
                question:
                  choices: {"1": Je suis en sécurité, "2": J'ai besoin d'aide}
                fallback-language: fr
                messages:
                  fr:
                    mail: {subject: "CRUE à Combe-aux-Loups", text: "{{name}}, montez à l'école. {{answer_url}}"}
                """);
    }

    /** @param people up to 10,000: as many as there are numbers kept for fiction */
    static Combe of(int people) {
        return new Combe(people);
    }

    /** The telephone of person n, from 1. */
    static String number(int n) {
        return "+3363998%04d".formatted(n - 1);
    }

    /** The number n in a person's name. */
    static int person(String name) {
        return Integer.parseInt(name.substring(name.length() - 4)) + 1;
    }

    /** The mailbox of person n, from 1. */
    String mailbox(int n) {
        return otherMailboxes.getOrDefault(n, mailboxes.formatted(n - 1));
    }

    /** Says where people's mail is; {@code %04d} stands for their number. */
    Combe mailboxes(String format) {
        mailboxes = format;
        return this;
    }

    /** Says where one person's mail is. */
    Combe mailbox(int n, String address) {
        otherMailboxes.put(n, address);
        return this;
    }

    /** Adds a scenario that asks nothing, reaches everybody, and is done with who was delivered. */
    Combe scenario(String slug, String category, String channel, String message) {
        return scenario(
                slug,
                """
                name: %s
                category: %s
                lists: [tous]
                cascade:
                  - {channel: %s, patience: PT10M, attempts: 5, until: delivered}
                fallback-language: fr
                messages:
                  fr:
                    %s
                """
                        .formatted(slug, category, channel, message));
    }

    Combe scenario(String slug, String yaml) {
        scenarios.put(slug, yaml);
        return this;
    }

    /** Adds an SMS account; further settings are {@code name: value} lines. */
    Combe sms(String slug, int rank, int port, int perSecond, String... more) {
        return account(
                slug,
                "sms",
                rank,
                perSecond,
                List.of("host: 127.0.0.1", "port: \"" + port + "\"", "system-id: tocsin", "password: secret:" + slug),
                more);
    }

    /** Adds a mail account on a server that asks for STARTTLS or nothing, as the settings say. */
    Combe mail(String slug, int rank, String... settings) {
        return account(slug, "mail", rank, 0, List.of(), settings);
    }

    /** Adds a voice account on a real switch, by its trunk {@code carrier}; the secret is its slug's. */
    Combe voice(String slug, int rank, Asterisk asterisk, String... more) {
        return account(
                slug,
                "voice",
                rank,
                0,
                List.of(
                        "host: 127.0.0.1",
                        "port: \"" + asterisk.ari().getPort() + "\"",
                        "user: tocsin",
                        "password: secret:" + slug,
                        "dial: PJSIP/{number}@carrier",
                        "numbers: national",
                        "lines: \"40\"",
                        "caller-id: \"+33162000001\"",
                        "inbound: calls-in"),
                more);
    }

    /** Adds a webhook account. */
    Combe webhook(String slug, int rank, String... settings) {
        return account(slug, "webhook", rank, 0, List.of(), settings);
    }

    /** Says where people's webhooks are; {@code %04d} stands for their number. Without, they have none. */
    Combe webhooks(String format) {
        webhooks = format;
        return this;
    }

    /** Adds an account that publishes. */
    Combe publish(String slug, String... settings) {
        return account(slug, "publish", 10, 0, List.of(), settings);
    }

    /** Adds a place to publish on, which is in everybody's list like a person. */
    Combe page(String address) {
        pages.add(address);
        return this;
    }

    private Combe account(String slug, String channel, int rank, int perSecond, List<String> settings, String... more) {
        StringBuilder yaml =
                new StringBuilder("- slug: %s\n  channel: %s\n  rank: %d\n".formatted(slug, channel, rank));
        if (perSecond > 0) {
            yaml.append("  messages-per-second: %d\n".formatted(perSecond));
        }
        yaml.append("  settings:\n");
        for (String line : settings) {
            yaml.append("    ").append(line).append('\n');
        }
        for (String line : more) {
            yaml.append("    ").append(line).append('\n');
        }
        accounts.add(yaml.toString());
        return this;
    }

    /** Sets something of the node itself, in {@code etc/}: {@code PID.key}. */
    Combe setting(String pid, String key, String value) {
        settings.merge(pid, key + " = " + value + "\n", String::concat);
        return this;
    }

    /** Puts tenants that are shipped on the same node, with their agency. */
    Combe beside(String... shipped) {
        neighbours.addAll(List.of(shipped));
        return this;
    }

    RunningNode start(Map<String, String> environment, String... options) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put("TOCSIN_SECRET_COMBE_ASTREINTE", PASSWORD);
        List<String> asked = List.of(options);
        int named = asked.indexOf("--node");
        String node = named < 0 ? "node1" : asked.get(named + 1);
        return RunningNode.start(all, asked, tenants -> {
            Path etc = Files.createDirectories(
                    tenants.resolveSibling("nodes").resolve(node).resolve("etc"));
            for (Map.Entry<String, String> each : settings.entrySet()) {
                Files.writeString(etc.resolve(each.getKey() + ".cfg"), each.getValue());
            }
            write(tenants.resolve(SLUG));
            Path shipped = Path.of(System.getProperty("tocsin.root")).resolve("tenants");
            for (String neighbour : neighbours) {
                RunningNode.copy(shipped.resolve(neighbour), tenants.resolve(neighbour));
            }
            if (!neighbours.isEmpty()) {
                RunningNode.copy(shipped.resolve("_agencies"), tenants.resolve("_agencies"));
            }
        });
    }

    private void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("scenarios"));
        Files.createDirectories(folder.resolve("contacts"));
        Files.writeString(
                folder.resolve("tenant.yaml"),
                """
                name: Combe-aux-Loups
                kind: commune
                agency: {slug: agence-des-fautes, name: Agence des fautes}
                language: fr
                time-zone: Europe/Paris
                sms-sender: "38999"
                """);
        Files.writeString(
                folder.resolve("users.yaml"),
                """
                - login: %s
                  name: Astreinte
                  roles: [tenant-admin, activator, supervisor, auditor]
                  password: secret:combe-astreinte
                """
                        .formatted(LOGIN));
        Files.writeString(folder.resolve("accounts.yaml"), String.join("", accounts));
        Files.writeString(
                folder.resolve("lists.yaml"),
                """
                - {slug: tous, name: Tous, kind: tags, all-tags: [habitant]}
                - {slug: rive-gauche, name: Rive gauche, kind: tags, all-tags: [gauche]}
                - {slug: rive-droite, name: Rive droite, kind: tags, all-tags: [droite]}
                """);
        for (Map.Entry<String, String> scenario : scenarios.entrySet()) {
            Files.writeString(folder.resolve("scenarios").resolve(scenario.getKey() + ".yaml"), scenario.getValue());
        }
        Files.writeString(
                folder.resolve("contacts/contacts.yaml"),
                """
                - file: habitants.csv
                  source: habitants
                  region: FR
                  language: fr
                  legal-basis: sauvegarde de la population
                  tags: [habitant]
                  mapping: {Id: external_id, Nom: last_name, Mobile: mobile, Courriel: email, Rive: tags%s}
                """
                                .formatted(webhooks.isEmpty() ? "" : ", Webhook: webhook")
                        + (pages.isEmpty()
                                ? ""
                                : """
                                - file: pages.csv
                                  source: pages
                                  region: FR
                                  language: fr
                                  legal-basis: information de la population
                                  tags: [habitant]
                                  mapping: {Id: external_id, Nom: last_name, Page: publication}
                                """));
        if (!pages.isEmpty()) {
            StringBuilder csv = new StringBuilder("Id;Nom;Page\n");
            for (String page : pages) {
                csv.append("page-%1$s;Page %1$s;%1$s%n".formatted(page));
            }
            Files.writeString(folder.resolve("contacts/pages.csv"), csv);
        }
        try (BufferedWriter out =
                Files.newBufferedWriter(folder.resolve("contacts/habitants.csv"), StandardCharsets.UTF_8)) {
            out.write("Id;Nom;Mobile;Courriel;Rive" + (webhooks.isEmpty() ? "" : ";Webhook") + "\n");
            for (int n = 1; n <= people; n++) {
                out.write("h%04d;Habitant%04d;%s;%s;%s%s%n"
                        .formatted(
                                n - 1,
                                n - 1,
                                number(n),
                                mailbox(n),
                                n <= people / 2 ? "gauche" : "droite",
                                webhooks.isEmpty() ? "" : ";" + webhooks.formatted(n - 1)));
            }
        }
    }
}
