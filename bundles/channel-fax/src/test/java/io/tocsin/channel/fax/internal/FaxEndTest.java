package io.tocsin.channel.fax.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was seen of real calls (Asterisk 22), and what it means. */
class FaxEndTest {
    private static final FaxSettings.Waits WAITS =
            new FaxSettings.Waits(Duration.ofMinutes(3), Duration.ofMinutes(5), Duration.ofMinutes(7));

    static Stream<Arguments> unanswered() {
        return Stream.of(
                Arguments.of(17, "486", retry("busy", 3)),
                Arguments.of(19, "", retry("no-answer", 5)),
                Arguments.of(18, "", retry("no-answer", 5)),
                Arguments.of(18, "408", new Retry("trunk-dead", Duration.ofMinutes(7), Scope.ACCOUNT)),
                Arguments.of(20, "", retry("unreachable", 5)),
                Arguments.of(21, "", retry("declined", 7)),
                Arguments.of(34, "", retry("congestion", 7)),
                Arguments.of(38, "", retry("congestion", 7)),
                Arguments.of(58, "", retry("cause-58", 7)),
                Arguments.of(1, "", new Rejected("unallocated", Fault.ADDRESS)),
                Arguments.of(22, "", new Rejected("unallocated", Fault.ADDRESS)),
                Arguments.of(28, "", new Rejected("number-incomplete", Fault.ADDRESS)),
                Arguments.of(0, "", new Retry("trunk-unknown", Duration.ofMinutes(7), Scope.ACCOUNT)));
    }

    @ParameterizedTest
    @MethodSource
    void unanswered(int cause, String technical, SendOutcome outcome) {
        assertThat(new FaxEnd(3, false, false, true, false, cause, technical, Map.of()).outcome("id", WAITS))
                .isEqualTo(outcome);
    }

    static Stream<Arguments> answered() {
        Map<String, String> none = said("FAILED", "remote channel hungup", 0, "", "0x0");
        return Stream.of(
                Arguments.of(
                        "all pages",
                        said("SUCCESS", "OK", 3, "+33199000010", "8031x7700"),
                        true,
                        true,
                        new Accepted("id")),
                Arguments.of(
                        "success of fewer pages than it has",
                        said("SUCCESS", "OK", 2, "+33199000010", "8031x7700"),
                        true,
                        true,
                        new InDoubt("pages-2-of-3")),
                Arguments.of(
                        "two of three pages",
                        said("FAILED", "Disconnected after permitted retries", 2, "x", "8031x7700"),
                        true,
                        true,
                        new InDoubt("pages-2-of-3")),
                Arguments.of(
                        "every page, and no word of success",
                        said("FAILED", "The call dropped prematurely", 3, "x", "8031x7700"),
                        true,
                        true,
                        new InDoubt("pages-3-of-3")),
                Arguments.of(
                        "cut within the first page",
                        said("FAILED", "The call dropped prematurely", 0, "x", "8031x7700"),
                        true,
                        true,
                        new InDoubt("cut-off-on-page-1")),
                Arguments.of(
                        "trains with none of its modems",
                        said("FAILED", "Failed to train with any of the compatible modems", 0, "x", "8031x7700"),
                        true,
                        true,
                        retry("machines-disagree", 7)),
                Arguments.of(
                        "a silent line, ended by our limit",
                        said("FAILED", "The call dropped prematurely", 0, "", "0x0"),
                        true,
                        false,
                        retry("timeout", 7)),
                Arguments.of("a person who hangs up", none, true, true, retry("no-fax-answered", 7)),
                Arguments.of(
                        "somebody who hangs up before T.38 is agreed", none, false, true, retry("no-fax-answered", 7)),
                Arguments.of(
                        "the switch does not see the file",
                        with(said("FAILED", "error reading file", 0, "", ""), "FAXERROR", "FILE_ERROR"),
                        false,
                        false,
                        new Rejected("file-not-on-switch", Fault.ACCOUNT)),
                Arguments.of(
                        "a switch without SendFAX",
                        Map.of(),
                        false,
                        false,
                        new Rejected("switch-has-no-fax", Fault.ACCOUNT)),
                Arguments.of(
                        "a user who may not read variables",
                        Map.of("FAXSTATUS", "", "FAXPAGES", "3", "REMOTESTATIONID", "x"),
                        true,
                        true,
                        new Accepted("id")),
                Arguments.of(
                        "numbers that are none",
                        said("FAILED", "The call dropped prematurely", "-1; rm", "x", "8031x7700"),
                        true,
                        true,
                        new InDoubt("cut-off-on-page-1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void answered(String what, Map<String, String> said, boolean begun, boolean remoteHungUp, SendOutcome outcome) {
        assertThat(new FaxEnd(3, true, begun, remoteHungUp, false, 16, "", said).outcome("id", WAITS))
                .isEqualTo(outcome);
    }

    @Test
    void withdrawnBeforeAnybodyPickedUpIsRejectedAndAfterwardsWhatBecameOfIt() {
        assertThat(new FaxEnd(1, false, false, false, true, 16, "", Map.of()).outcome("id", WAITS))
                .isEqualTo(new Rejected("withdrawn", Fault.CARRIER));
        assertThat(new FaxEnd(1, true, true, true, true, 16, "", said("SUCCESS", "OK", 1, "x", "8031x7700"))
                        .outcome("id", WAITS))
                .isEqualTo(new Accepted("id"));
    }

    @Test
    void theReceiptSaysPagesAndStationAndNothingElse() {
        assertThat(receipt("+33 1 99 00 00 10")).isEqualTo("pages=2 station=+33_1_99_00_00_10");
        assertThat(receipt("  ")).isEqualTo("pages=2");
        assertThat(receipt("x\r\nEvent: y=<script>é".repeat(20))).isEqualTo("pages=2 station=xEvent_yscript");
    }

    private static String receipt(String station) {
        return new FaxEnd(2, true, true, true, false, 16, "", said("SUCCESS", "OK", 2, station, "1x1")).receipt();
    }

    private static Retry retry(String code, int minutes) {
        return new Retry(code, Duration.ofMinutes(minutes), Scope.MESSAGE);
    }

    private static Map<String, String> said(
            String status, String text, Object pages, String station, String resolution) {
        return Map.of(
                "FAXSTATUS", status,
                "FAXSTATUSSTRING", text,
                "FAXPAGES", pages.toString(),
                "REMOTESTATIONID", station,
                "FAXRESOLUTION", resolution);
    }

    private static Map<String, String> with(Map<String, String> said, String name, String value) {
        Map<String, String> more = new HashMap<>(said);
        more.put(name, value);
        return more;
    }
}
