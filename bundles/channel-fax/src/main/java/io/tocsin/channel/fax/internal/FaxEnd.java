package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was heard of a call until it was over, and what it means. Causes are those of ITU-T Q.850, texts those of spandsp.
 *
 * @param pages of the fax; 0 if that is not known
 * @param answered somebody, or something, picked up
 * @param begun the switch began to speak as a fax
 * @param remoteHungUp the other side ended it, not our time limit
 * @param cause 0 if none was given
 * @param technical the SIP status behind it, if the switch told
 * @param variables that SendFAX left
 */
record FaxEnd(
        int pages,
        boolean answered,
        boolean begun,
        boolean remoteHungUp,
        boolean withdrawn,
        int cause,
        String technical,
        Map<String, String> variables) {

    /** Of faxes that ended before the first dot of a page was sent: the machines never agreed. */
    private static final Set<String> BEFORE_A_PAGE = Set.of(
            "The CED tone exceeded 5s",
            "Timed out waiting for initial communication",
            "Timed out waiting for the first message",
            "Failed to train with any of the compatible modems",
            "Far end is not compatible",
            "Far end is not able to receive",
            "Far end cannot receive at the resolution of the image",
            "Far end cannot receive at the size of image",
            "Received bad response to DCS or training",
            "Received a DCN while waiting for a DIS",
            "Received other than DIS while waiting for DIS",
            "Received no response to DCS or TCF");

    private static final int LONGEST_STATION = 20;
    /** Nobody said a word to the invitation, for 32 s. */
    private static final String SIP_TIMEOUT = "408";

    FaxEnd {
        variables = Map.copyOf(variables);
    }

    /** @param id of the call, as the carrier's */
    SendOutcome outcome(String id, FaxSettings.Waits waits) {
        SendOutcome outcome = answered ? answered(id, waits) : unanswered(waits);
        return withdrawn && outcome instanceof Retry ? new Rejected("withdrawn", Fault.CARRIER) : outcome;
    }

    private SendOutcome answered(String id, FaxSettings.Waits waits) {
        String status = said("FAXSTATUS");
        String text = said("FAXSTATUSSTRING");
        if (variables.isEmpty()) {
            return new Rejected("switch-has-no-fax", Fault.ACCOUNT);
        }
        boolean all = pages == 0 ? sent() > 0 : sent() == pages;
        if (all && (status.equals("SUCCESS") || status.isEmpty())) {
            return new Accepted(id);
        }
        if (sent() > 0) {
            return new InDoubt("pages-" + sent() + (pages == 0 ? "" : "-of-" + pages));
        }
        if (said("FAXERROR").equals("FILE_ERROR") || text.startsWith("TIFF/F")) {
            return new Rejected("file-not-on-switch", Fault.ACCOUNT);
        }
        // a machine that said who it is, or a page that was begun: some of it may lie in somebody's tray
        boolean met = !said("REMOTESTATIONID").isEmpty() || !Set.of("", "0x0").contains(said("FAXRESOLUTION"));
        if (begun && met && !BEFORE_A_PAGE.contains(text)) {
            return new InDoubt("cut-off-on-page-1");
        }
        if (begun && BEFORE_A_PAGE.contains(text) && met) {
            return retry("machines-disagree", waits.other());
        }
        return retry(begun && !remoteHungUp ? "timeout" : "no-fax-answered", waits.other());
    }

    private SendOutcome unanswered(FaxSettings.Waits waits) {
        return switch (cause) {
            case 0 -> new Retry("trunk-unknown", waits.other(), Scope.ACCOUNT);
            case 1, 22 -> new Rejected("unallocated", Fault.ADDRESS);
            case 28 -> new Rejected("number-incomplete", Fault.ADDRESS);
            case 17 -> retry("busy", waits.busy());
            case 18 ->
                technical.equals(SIP_TIMEOUT)
                        ? new Retry("trunk-dead", waits.other(), Scope.ACCOUNT)
                        : retry("no-answer", waits.noAnswer());
            case 19 -> retry("no-answer", waits.noAnswer());
            case 20 -> retry("unreachable", waits.noAnswer());
            case 21 -> retry("declined", waits.other());
            case 34, 38, 41, 42, 44, 47 -> retry("congestion", waits.other());
            default -> retry("cause-" + cause, waits.other());
        };
    }

    private static SendOutcome retry(String code, Duration after) {
        return new Retry(code, after, Scope.MESSAGE);
    }

    /** Of a fax that arrived: how many pages, and what the other machine calls itself. At most 64 characters. */
    String receipt() {
        String station = station().map(name -> " station=" + name).orElse("");
        return "pages=" + sent() + station;
    }

    /** Chosen by a stranger: digits, letters and what separates them, nothing else. */
    private Optional<String> station() {
        StringBuilder name = new StringBuilder();
        said("REMOTESTATIONID")
                .strip()
                .chars()
                .limit(LONGEST_STATION)
                .map(c -> c == ' ' ? '_' : c)
                .filter(c ->
                        c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || "+-._".indexOf(c) >= 0)
                .forEach(c -> name.append((char) c));
        return Optional.of(name.toString()).filter(text -> !text.isEmpty());
    }

    private int sent() {
        String text = said("FAXPAGES");
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    }

    private String said(String variable) {
        return variables.getOrDefault(variable, "");
    }
}
