package io.tocsin.lab.phone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.lab.people.SeededCallees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plant's manager interface, asked as a fax channel asks it. */
class PlantFaxTest {
    @TempDir
    Path spool;

    /** Somebody at the manager interface. */
    private static final class Console implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final Writer out;

        Console(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(120_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            out = new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
            assertThat(in.readLine()).startsWith("Asterisk Call Manager/");
        }

        void send(String... lines) throws IOException {
            out.write(String.join("\r\n", lines) + "\r\n\r\n");
            out.flush();
        }

        Map<String, String> next() throws IOException {
            Map<String, String> message = new LinkedHashMap<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                int colon = line.indexOf(':');
                message.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            return message;
        }

        Map<String, String> until(String field, String value) throws IOException {
            for (Map<String, String> message = next(); !message.isEmpty(); message = next()) {
                if (value.equals(message.get(field))) {
                    return message;
                }
            }
            throw new AssertionError("closed before " + field + ": " + value);
        }

        List<Map<String, String>> untilHangup(String id) throws IOException {
            List<Map<String, String>> heard = new ArrayList<>();
            while (true) {
                Map<String, String> message = next();
                assertThat(message).as("closed early").isNotEmpty();
                if (id.equals(message.get("Uniqueid"))) {
                    heard.add(message);
                    if (message.get("Event").equals("Hangup")) {
                        return heard;
                    }
                }
            }
        }

        void login() throws IOException {
            send("Action: Login", "ActionID: in", "Username: tocsin", "Secret: tocsin", "Events: call,dialplan");
            assertThat(until("ActionID", "in")).containsEntry("Response", "Success");
        }

        void fax(String id, String number, String file) throws IOException {
            send(
                    "Action: Originate",
                    "ActionID: " + id,
                    "Channel: PJSIP/" + number + "@carrier",
                    "ChannelId: " + id,
                    "Application: SendFAX",
                    "Data: " + file + ",fz",
                    "Timeout: 20000",
                    "CallerID: <+33199001234>",
                    "Async: true",
                    "Variable: TIMEOUT(absolute)=600",
                    "Variable: FAXOPT(localstationid)=+33199001234");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static SimulatedPlant plant(Map<String, PhoneFate> fates) throws IOException {
        PhoneHabits machines = PhoneHabits.builder()
                .ringing(Between.millis(10, 20))
                .deadTrunk(Duration.ofMillis(50))
                .fates(fates)
                .build();
        return SimulatedPlant.start(PlantOptions.builder()
                .amiPort(0)
                .talkScale(0.002)
                .faxes(new SeededCallees(machines, 1))
                .build());
    }

    private String pages(int count) throws IOException {
        ByteBuffer tiff = ByteBuffer.allocate(8 + count * 18).order(ByteOrder.LITTLE_ENDIAN);
        tiff.putShort((short) 0x4949).putShort((short) 42).putInt(8);
        for (int page = 1; page <= count; page++) {
            tiff.putShort((short) 1).put(new byte[12]).putInt(page == count ? 0 : 8 + page * 18);
        }
        Path file = spool.resolve("fax-" + count + ".tif");
        Files.write(file, tiff.array());
        return file.toString();
    }

    private static String last(List<Map<String, String>> heard, String variable) {
        return heard.stream()
                .filter(message -> variable.equals(message.get("Variable")))
                .reduce((before, after) -> after)
                .map(message -> message.get("Value"))
                .orElse(null);
    }

    @Test
    void aFaxArrivesPageByPageAndSaysWhoTookIt() throws Exception {
        try (SimulatedPlant plant = plant(Map.of());
                Console console = new Console(plant.amiPort().orElseThrow())) {
            console.login();
            console.fax("f1", "+33199000001", pages(3));
            assertThat(console.until("ActionID", "f1")).containsEntry("Response", "Success");
            List<Map<String, String>> heard = console.untilHangup("f1");
            assertThat(heard)
                    .extracting(message -> message.get("Event"))
                    .startsWith("Newchannel")
                    .contains("OriginateResponse");
            assertThat(last(heard, "FAXSTATUS")).isEqualTo("SUCCESS");
            assertThat(last(heard, "FAXPAGES")).isEqualTo("3");
            assertThat(last(heard, "REMOTESTATIONID")).isEqualTo("+33199000001");
            Map<String, String> sent = heard.stream()
                    .filter(message -> message.get("Event").equals("SendFAX"))
                    .findFirst()
                    .orElseThrow();
            assertThat(sent)
                    .containsEntry("PagesTransferred", "3")
                    .containsEntry("LocalStationID", "+33199001234")
                    .containsEntry("RemoteStationID", "+33199000001");
            assertThat(heard.get(heard.size() - 1)).containsEntry("Cause", "16");
            assertThat(plant.counters().faxes()).isEqualTo(1);
            assertThat(plant.counters().faxPages()).isEqualTo(3);
            assertThat(plant.counters().busy()).isZero();
        }
    }

    @Test
    void whatIsNoFaxMachineBreaksOffOrDoesNotAnswerIsToldApart() throws Exception {
        Map<String, PhoneFate> fates = Map.of(
                "0001", PhoneFate.BUSY,
                "0002", PhoneFate.UNALLOCATED,
                "0003", PhoneFate.LISTENS,
                "0004", PhoneFate.HANGS_UP);
        try (SimulatedPlant plant = plant(fates);
                Console console = new Console(plant.amiPort().orElseThrow())) {
            console.login();
            String file = pages(2);
            console.fax("busy", "0199000001", file);
            assertThat(console.untilHangup("busy").stream().reduce((a, b) -> b).orElseThrow())
                    .containsEntry("Cause", "17");
            console.fax("nobody", "0199000002", file);
            assertThat(console.untilHangup("nobody").stream()
                            .reduce((a, b) -> b)
                            .orElseThrow())
                    .containsEntry("Cause", "1");
            console.fax("voice", "0199000003", file);
            assertThat(last(console.untilHangup("voice"), "FAXSTATUSSTRING"))
                    .isEqualTo("Timed out waiting for initial communication");
            console.fax("cut", "0199000004", file);
            List<Map<String, String>> cut = console.untilHangup("cut");
            assertThat(last(cut, "FAXSTATUS")).isEqualTo("FAILED");
            assertThat(last(cut, "FAXPAGES")).isEqualTo("1");
            console.fax("no-file", "0199000005", "/nowhere/page.tif");
            assertThat(last(console.untilHangup("no-file"), "FAXERROR")).isEqualTo("FILE_ERROR");
        }
    }

    @Test
    void aFaxUnderWayIsFoundListedAndHungUp() throws Exception {
        try (SimulatedPlant plant = plant(Map.of("0003", PhoneFate.RINGS_OUT));
                Console console = new Console(plant.amiPort().orElseThrow())) {
            console.login();
            console.fax("f1", "0199000003", pages(1));
            console.until("Event", "Newchannel");
            console.send("Action: Getvar", "ActionID: get", "Channel: f1", "Variable: FAXSTATUS");
            assertThat(console.until("ActionID", "get")).containsEntry("Response", "Success");
            console.fax("f1", "0199000003", pages(1));
            assertThat(console.until("ActionID", "f1")).containsEntry("Response", "Error");
            console.send("Action: CoreShowChannels", "ActionID: list");
            assertThat(console.until("Event", "CoreShowChannel")).containsEntry("Uniqueid", "f1");
            assertThat(console.until("Event", "CoreShowChannelsComplete")).containsEntry("ListItems", "1");
            console.send("Action: Hangup", "ActionID: up", "Channel: f1", "Cause: 16");
            assertThat(console.until("ActionID", "up")).containsEntry("Response", "Success");
            console.untilHangup("f1");
            console.send("Action: Getvar", "ActionID: again", "Channel: f1", "Variable: FAXSTATUS");
            assertThat(console.until("ActionID", "again")).containsEntry("Response", "Error");
            console.send("Action: Explode", "ActionID: odd");
            assertThat(console.until("ActionID", "odd").get("Message")).contains("unknown");
        }
    }

    @Test
    void onlyWhoKnowsThePasswordIsLetInByWordOrByChallenge() throws Exception {
        try (SimulatedPlant plant = plant(Map.of());
                Console stranger = new Console(plant.amiPort().orElseThrow());
                Console console = new Console(plant.amiPort().orElseThrow())) {
            stranger.send("Action: CoreShowChannels", "ActionID: 1");
            assertThat(stranger.next()).containsEntry("Response", "Error");
            stranger.send("Action: Login", "ActionID: 2", "Username: tocsin", "Secret: wrong");
            assertThat(stranger.next()).containsEntry("Response", "Error");
            assertThat(stranger.next()).isEmpty();
            console.send("Action: Challenge", "ActionID: 1", "AuthType: MD5");
            String both = console.next().get("Challenge") + "tocsin";
            String key = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(both.getBytes(StandardCharsets.UTF_8)));
            console.send("Action: Login", "ActionID: 2", "AuthType: MD5", "Username: tocsin", "Key: " + key);
            assertThat(console.until("ActionID", "2")).containsEntry("Response", "Success");
        }
    }
}
