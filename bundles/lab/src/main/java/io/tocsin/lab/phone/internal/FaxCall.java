package io.tocsin.lab.phone.internal;

import io.netty.util.concurrent.Future;
import io.tocsin.lab.people.PhonePeople.Answers;
import io.tocsin.lab.people.PhonePeople.Reaction;
import io.tocsin.lab.people.PhonePeople.Refuses;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A call that sends a fax, from the manager's {@code Originate} to its {@code Hangup}, as Asterisk 22 with res_fax_spandsp tells it. A
 * person who presses keys is a fax machine here; one who only listens, and an answering machine, are none; one who hangs up early is
 * a machine that breaks off. On the loop only.
 */
final class FaxCall {
    /** A page of normal writing at 14,400 bit/s, with what goes before and after it, in milliseconds. */
    private static final long HANDSHAKE = 12_000;

    private static final long PAGE = 17_000;
    private static final long NO_MACHINE = 60_000;
    private static final int NORMAL = 16;

    /** Where the telling goes, and what is done when it is over. */
    interface Told {
        void event(FaxCall call, Map<String, String> fields);

        void over(FaxCall call);
    }

    private final PlantCore plant;
    private final Told told;
    private final String id;
    private final String name;
    private final String file;
    private final Map<String, String> action;
    private final int line;
    private final Map<String, String> variables;
    private String state = "Down";
    private boolean over;
    private Future<?> due;
    private Future<?> deadline;

    /** @param action the fields of the originate */
    FaxCall(
            PlantCore plant,
            Told told,
            String id,
            String name,
            int line,
            Map<String, String> action,
            Map<String, String> variables) {
        this.plant = plant;
        this.told = told;
        this.id = id;
        this.name = name;
        this.line = line;
        this.action = action;
        this.variables = new LinkedHashMap<>(variables);
        String data = action.getOrDefault("data", "");
        this.file = data.indexOf(',') < 0 ? data : data.substring(0, data.indexOf(','));
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    int line() {
        return line;
    }

    String variable(String asked) {
        return variables.getOrDefault(asked, "");
    }

    void dialled(Reaction reaction, long timeout) {
        tell("Newchannel");
        variables.forEach((variable, value) -> tell("VarSet", "Variable", variable, "Value", value));
        String limit = variables.getOrDefault("TIMEOUT(absolute)", "");
        if (limit.matches("[0-9]{1,6}")) {
            deadline = plant.after(1_000L * Integer.parseInt(limit), () -> {
                if (state.equals("Up")) {
                    brokenOff(0, "FAILED", "disconnected after permitted retries");
                }
                hangUp(NORMAL);
            });
        }
        if (reaction instanceof Refuses refuses) {
            int sip = refuses.fate().sip().orElse(0);
            boolean out = refuses.after().toMillis() > timeout;
            due = plant.after(
                    Math.min(timeout, refuses.after().toMillis()),
                    () -> failed(out ? 19 : refuses.fate().cause(), sip));
        } else if (reaction instanceof Answers answers) {
            long rings = answers.ringing().toMillis();
            due = plant.after(Math.min(timeout, rings), () -> {
                if (rings > timeout) {
                    failed(19, 480);
                } else {
                    answered(answers);
                }
            });
        }
    }

    /** No line, or a bad one. */
    void refusedByCarrier(int cause, int sip) {
        tell("Newchannel");
        due = plant.after(1, () -> failed(cause, sip));
    }

    private void failed(int cause, int sip) {
        tell("HangupRequest", "Cause", String.valueOf(cause), "TechCause", String.valueOf(sip));
        told.event(this, response("Failure", cause == 17 ? "5" : cause == 34 ? "8" : cause == 19 ? "3" : "0"));
        hangUp(cause);
    }

    private void answered(Answers answers) {
        state = "Up";
        tell("Newstate");
        told.event(this, response("Success", "4"));
        set("FAXSTATUS", "FAILED");
        set("FAXPAGES", "0");
        set("FAXERROR", "INIT_ERROR");
        set("FAXSTATUSSTRING", "error starting fax session");
        int pages = FaxPages.of(file);
        if (pages == 0) {
            set("FAXERROR", "FILE_ERROR");
            set("FAXSTATUSSTRING", "TIFF/F file cannot be opened");
            hangUp(NORMAL);
            return;
        }
        status("Allocating Resources");
        set("FAXSTATUS", "");
        set("FAXERROR", "");
        set("FAXSTATUSSTRING", "");
        set("REMOTESTATIONID", "");
        status("FAX Transmission In Progress");
        if (answers.machine() || answers.presses().isEmpty() && answers.leaves().isEmpty()) {
            due = plant.after(plant.scaled(NO_MACHINE), () -> {
                brokenOff(0, "FAILED", "Timed out waiting for initial communication");
                hangUp(NORMAL);
            });
            return;
        }
        int sent = answers.leaves().isPresent() ? pages - 1 : pages;
        due = plant.after(plant.scaled(HANDSHAKE + PAGE * sent), () -> {
            tell("HangupRequest", "Cause", String.valueOf(NORMAL));
            set("REMOTESTATIONID", action.getOrDefault("number", ""));
            set("FAXBITRATE", "14400");
            set("FAXRESOLUTION", "8031x7700");
            set("FAXMODE", action.getOrDefault("data", "").endsWith("z") ? "T38" : "audio");
            if (sent == pages) {
                brokenOff(pages, "SUCCESS", "OK");
            } else {
                brokenOff(sent, "FAILED", "The call dropped prematurely");
            }
            plant.tally().faxPages += sent;
            hangUp(NORMAL);
        });
    }

    private void brokenOff(int pages, String status, String text) {
        set("FAXSTATUS", status);
        set("FAXERROR", "HANGUP");
        set("FAXSTATUSSTRING", text);
        set("FAXPAGES", String.valueOf(pages));
        tell(
                "SendFAX",
                "LocalStationID",
                variable("FAXOPT(localstationid)"),
                "RemoteStationID",
                variable("REMOTESTATIONID"),
                "PagesTransferred",
                String.valueOf(pages),
                "Resolution",
                variable("FAXRESOLUTION"),
                "TransferRate",
                variable("FAXBITRATE"),
                "FileName",
                file);
    }

    /** @param cause Q.850 */
    void hangUp(int cause) {
        if (over) {
            return;
        }
        vanish();
        tell("Hangup", "Cause", String.valueOf(cause), "Cause-txt", CallNews.causeText(cause));
        told.over(this);
    }

    /** Gone without a word. */
    void vanish() {
        over = true;
        if (due != null) {
            due.cancel(false);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    boolean over() {
        return over;
    }

    private void set(String variable, String value) {
        variables.put(variable, value);
        tell("VarSet", "Variable", variable, "Value", value);
    }

    private void status(String text) {
        tell(
                "FAXStatus",
                "Operation",
                "send",
                "Status",
                text,
                "LocalStationID",
                variable("FAXOPT(localstationid)"),
                "FileName",
                file);
    }

    private Map<String, String> response(String result, String reason) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Event", "OriginateResponse");
        fields.put("Privilege", "call,all");
        fields.put("ActionID", action.getOrDefault("actionid", ""));
        fields.put("Response", result);
        fields.put("Channel", result.equals("Success") ? name : action.getOrDefault("channel", ""));
        fields.put("Application", "SendFAX");
        fields.put("Data", action.getOrDefault("data", ""));
        fields.put("Reason", reason);
        fields.put("Uniqueid", id);
        return fields;
    }

    private void tell(String event, String... more) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Event", event);
        fields.put("Privilege", event.equals("VarSet") ? "dialplan,all" : "call,all");
        fields.put("Channel", name);
        fields.put("ChannelState", state.equals("Up") ? "6" : "0");
        fields.put("ChannelStateDesc", state);
        fields.put("Language", "fr");
        fields.put("Exten", "");
        fields.put("Uniqueid", id);
        fields.put("Linkedid", id);
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        told.event(this, fields);
    }
}
