package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Carrier accounts: one login, one account; and one whose channel is not there says so. */
abstract class AccountsDoor {
    private final Doors doors;

    AccountsDoor(Doors doors) {
        this.doors = doors;
    }

    private String sms(String slug, String secret) {
        return """
                {"slug":"%s","channel":"sms","settings":{"host":"127.0.0.1","port":"%d","system-id":"tocsin",
                 "password":"secret:%s"}}
                """
                .formatted(slug, doors.carriers.smsc.port(), secret);
    }

    @Test
    void aLoginAtACarrierBelongsToOneAccount() throws Exception {
        doors.json("POST", Doors.TOWN + "/accounts", doors.mayor, sms("double", "saint-aurel-sur-loue-sms"))
                .problem(
                        422,
                        "settings.system-id",
                        "host, port, system-id",
                        "account \\\"sms\\\" of agency agence-franc-comtoise",
                        "ask the carrier");
        doors.json(
                        "POST",
                        "/api/v1/agencies",
                        doors.operator,
                        "{\"slug\":\"agence-du-sud\",\"name\":\"Agence du Sud\"}")
                .ok(201);
        String users = "/api/v1/agencies/agence-du-sud/users";
        doors.json(
                        "POST",
                        users,
                        doors.operator,
                        "{\"login\":\"support@sud\",\"name\":\"S\",\"password\":\"" + Doors.PASSWORD + "\"}")
                .ok(201);
        String stranger = doors.token("support@sud", Doors.PASSWORD);
        String hidden = doors.json(
                        "POST", "/api/v1/agencies/agence-du-sud/accounts", stranger, sms("double", "agence-du-sud-sms"))
                .problem(422, "settings.system-id", "an account of another owner")
                .raw()
                .body();
        assertThat(hidden).doesNotContain("franc-comtoise");
        doors.json("POST", "/api/v1/agencies/agence-du-sud/accounts", doors.operator, sms("double", "lab-sms"))
                .problem(422, "agence-franc-comtoise");
    }

    /** Whoever names a host of theirs would be told the secret there. */
    @Test
    void aSecretIsNamedByWhomItBelongsToOnly() throws Exception {
        for (String stolen : List.of("lab-sms", "agence-franc-comtoise-sms", "valchimie-montferrou-sms")) {
            doors.json("POST", Doors.TOWN + "/accounts", doors.mayor, sms("a-moi", stolen))
                    .problem(422, "settings.password", "saint-aurel-sur-loue-");
        }
        doors.json("POST", Doors.TOWN + "/accounts", doors.agency, sms("a-moi", "valchimie-montferrou-sms"))
                .problem(422, "settings.password", "agence-franc-comtoise-");
    }

    @Test
    void anAccountWhoseChannelIsNotInstalledIsShownEverywhereWithTheCure() throws Exception {
        doors.json(
                        "POST",
                        Doors.PLANT + "/accounts",
                        doors.agency,
                        "{\"slug\":\"voliere\",\"channel\":\"pigeon\",\"settings\":{\"host\":\"colombier.example\"}}")
                .ok(201);
        String why = "channel type \\\"pigeon\\\" is not installed";
        await("the API says so").atMost(Desk.LIMIT).untilAsserted(() -> assertThat(
                        doors.get(Doors.PLANT + "/accounts", doors.agency)
                                .ok(200)
                                .raw()
                                .body())
                .contains(why));
        JsonNode report = doors.get("/health/ready", null).ok(200).json();
        assertThat(report.get("state").asText()).isEqualTo("ready-with-warnings");
        assertThat(report.toString()).contains("account valchimie-montferrou.voliere", why);
        assertThat(doors.node.console("tocsin:accounts")).contains("valchimie-montferrou.voliere", "is not installed");
    }

    /** Typed once, kept sealed, used by the node, told to nobody: neither an answer, nor the journal, nor the log, nor the database says it. */
    @Test
    void aSecretThatIsTypedOpensTheAccountAndIsToldToNobody() throws Exception {
        List<String> told = new ArrayList<>();
        String accounts = Doors.TOWN + "/accounts";
        String made =
                "{\"slug\":\"scelle\",\"channel\":\"sms\",\"rank\":900,\"settings\":{\"host\":\"127.0.0.1\",\"port\":\"%d\","
                        + "\"system-id\":\"tocsin-scelle\"}%s}";
        Function<String, String> edit = more -> made.formatted(doors.carriers.smsc.port(), more);
        String clear = Carriers.SMS_PASSWORD;
        String typed = ",\"secrets\":{\"password\":\"" + clear + "\"}";

        heard(told, doors.json("POST", accounts, doors.auditor, edit.apply(typed)), 403);
        heard(told, doors.json("POST", accounts, doors.mayor, edit.apply("")), 422);
        heard(told, doors.json("POST", accounts, doors.mayor, edit.apply(typed.replace("\":{", "\":{{"))), 400);
        heard(
                told,
                doors.json(
                        "POST", accounts, doors.mayor, edit.apply(typed.replace("password\":\"", "password\":\"\\n"))),
                422);
        heard(told, doors.json("POST", accounts, doors.mayor, edit.apply(typed.replace("password", "host"))), 422);
        int id = heard(told, doors.json("POST", accounts, doors.mayor, edit.apply(typed)), 201)
                .json()
                .get("id")
                .asInt();
        state(told, id, "UP");
        JsonNode kept = view(told, id).at("/secrets/password");
        assertThat(kept.get("by").asText()).isEqualTo("maire@saint-aurel");
        Path key = doors.node
                .folder()
                .resolve("etc/sealing-keys")
                .resolve(kept.get("keyId").asText());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        String account = accounts + "/" + id;
        String secret = account + "/secrets/password";
        String value = "{\"value\":\"" + clear + "\"}";
        String etag = version(told, id);
        heard(
                        told,
                        doors.json(
                                "PUT",
                                account,
                                doors.mayor,
                                edit.apply("").replace("127.0.0.1", "127.0.0.9"),
                                "If-Match",
                                etag),
                        422)
                .problem(422, "secrets.password", "type it again, or forget it");
        heard(told, doors.json("PUT", secret, doors.mayor, value), 428);
        heard(told, doors.json("PUT", secret, doors.mayor, value, "If-Match", "\"99\""), 412);
        heard(told, doors.json("PUT", secret, doors.auditor, value, "If-Match", etag), 403);
        heard(told, doors.json("PUT", secret, doors.mayor, "{}", "If-Match", etag), 422);
        heard(told, doors.json("PUT", secret, doors.mayor, "{\"value\":" + clear + "}", "If-Match", etag), 400);
        heard(told, doors.json("PUT", secret + "-2", doors.mayor, value, "If-Match", etag), 422);
        heard(told, doors.send("DELETE", secret + "-2", doors.mayor, Doors.NOTHING, "If-Match", etag), 404);

        heard(told, doors.json("PUT", secret, doors.mayor, "{\"value\":\"no-such\"}", "If-Match", etag), 204);
        state(told, id, "DOWN");
        heard(told, doors.json("PUT", secret, doors.mayor, value, "If-Match", version(told, id)), 204);
        state(told, id, "UP");

        Path elsewhere = Files.move(key, doors.node.folder().resolve("etc/a-key-that-is-away"));
        await("the account says which key is missing").atMost(Desk.LIMIT).untilAsserted(() -> assertThat(
                        view(told, id).at("/status/health/detail").asText())
                .contains("setting password: is sealed under key \"" + key.getFileName(), "copy the file " + key));
        told.add(doors.node.console("tocsin:accounts"));
        Files.move(elsewhere, key);
        state(told, id, "UP");
        told.add(doors.node.console("tocsin:secrets"));
        assertThat(told.get(told.size() - 1)).contains(key.getFileName().toString());
        told.add(doors.node.console("tocsin:secrets-reseal"));
        assertThat(told.get(told.size() - 1)).contains("0 sealed anew under key " + key.getFileName());

        heard(told, doors.send("DELETE", secret, doors.mayor, Doors.NOTHING, "If-Match", version(told, id)), 204);
        state(told, id, "DOWN");
        heard(
                told,
                doors.json(
                        "PUT",
                        account,
                        doors.mayor,
                        edit.apply(",\"enabled\":false" + typed),
                        "If-Match",
                        version(told, id)),
                200);

        told.add(heard(told, doors.get(Doors.TOWN + "/journal?order=newest&object=account", doors.mayor), 200)
                .raw()
                .body());
        assertThat(told.get(told.size() - 1)).contains("account.secret-sealed", "account.secret-forgotten");
        told.add(Files.readString(doors.node.data().resolve("log/tocsin.log")));
        assertThat(told.get(told.size() - 1)).contains("sealing.key-made");
        told.add(dump());
        assertThat(told.get(told.size() - 1))
                .contains("tocsin-scelle", kept.get("keyId").asText());
        String hex = HexFormat.of().formatHex(clear.getBytes(StandardCharsets.UTF_8));
        assertThat(told).allSatisfy(each -> assertThat(each).doesNotContain(clear, hex));
    }

    private static Doors.Reply heard(List<String> told, Doors.Reply reply, int status) {
        told.add(reply.raw().headers().map() + reply.raw().body());
        return reply.ok(status);
    }

    private JsonNode view(List<String> told, int account) throws Exception {
        for (JsonNode view : heard(told, doors.get(Doors.TOWN + "/accounts", doors.mayor), 200)
                .json()
                .get("items")) {
            if (view.at("/account/id").asInt() == account) {
                return view;
            }
        }
        throw new AssertionError("no account " + account);
    }

    private String version(List<String> told, int account) throws Exception {
        return '"' + view(told, account).at("/account/version").asText() + '"';
    }

    private void state(List<String> told, int account, String state) {
        await("account " + account + " is " + state).atMost(Desk.LIMIT).untilAsserted(() -> assertThat(
                        view(told, account).at("/status/health/state").asText())
                .isEqualTo(state));
    }

    /** Every row of every table of the node's database, as text. */
    private String dump() throws Exception {
        StringBuilder dump = new StringBuilder();
        try (Connection c = doors.node.database()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = c.createStatement()
                    .executeQuery("select format('%I.%I', schemaname, tablename) from pg_tables"
                            + " where schemaname not in ('pg_catalog', 'information_schema')")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = c.createStatement().executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        dump.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }
}
