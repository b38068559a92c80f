package io.tocsin.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * Scenarios of sipp, written from what phones are to do. A phone tells what happens to it by lines on sipp's log: {@code TOCSIN EVENT call-id …}.
 * Every wait is a wait for the other side's word with a limit, never a pause: a word that comes during a pause of sipp is an error to it.
 */
final class Scenario {
    private static final String REPLY =
            """
            [last_Via:]
            [last_From:]
            [last_To:];tag=[pid]T[call_number]
            [last_Call-ID:]
            [last_CSeq:]
            """;
    private static final String CONTACT = "Contact: <sip:[local_ip]:[local_port];transport=[transport]>\n";
    private static final String NO_BODY = "Content-Length: 0\n\n";
    private static final int[] REFUSALS = {
        400, 403, 404, 405, 406, 407, 408, 410, 415, 480, 481, 482, 483, 484, 486, 487, 488, 500, 501, 502, 503, 504,
        600, 603, 604, 606
    };

    private final StringBuilder text =
            new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"phones\">\n");
    private final InetSocketAddress media;
    private int label;

    private Scenario(InetSocketAddress media) {
        this.media = media;
    }

    /** Phones that are called: by number, a dot of which stands for any digit. */
    static String called(Map<String, Phone> phones, Phone others, InetSocketAddress media) {
        Scenario scenario = new Scenario(media);
        scenario.text.append(
                """
                <recv request="INVITE"><action>
                <ereg regexp="INVITE sip:([^@;]+)@" search_in="msg" assign_to="line,number"/>
                <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
                <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
                <ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="peer"/>
                <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/>
                <ereg regexp="c=IN IP4 ([0-9.]+)" search_in="msg" assign_to="connection,host"/>
                <ereg regexp="m=audio ([0-9]+)" search_in="msg" assign_to="audio,port"/>
                """);
        int rule = 0;
        for (String number : phones.keySet()) {
            scenario.text.append(
                    "<ereg regexp=\"INVITE sip:" + number.replace("+", "[+]").replace("*", "[*]")
                            + "@\" search_in=\"msg\" assign_to=\"is" + rule++ + "\"/>\n");
        }
        scenario.log("INVITE [call_id] [$host]:[$port] [$number] [$from]");
        scenario.text.append("</action></recv>\n");
        StringBuilder used = new StringBuilder("line,number,from,to,peer,cseq,connection,host,audio,port");
        for (int i = 0; i < rule; i++) {
            scenario.text.append("<nop next=\"phone" + i + "\" test=\"is" + i + "\"/>\n");
            used.append(",is").append(i);
        }
        scenario.phone(others);
        rule = 0;
        for (Phone phone : phones.values()) {
            scenario.text.append("<label id=\"phone" + rule++ + "\"/>\n");
            scenario.phone(phone);
        }
        return scenario.end(used.toString());
    }

    private void phone(Phone phone) {
        switch (phone.answer()) {
            case IGNORES ->
                text.append("<recv request=\"CANCEL\" timeout=\"120000\" ontimeout=\"end\"/>\n<nop next=\"end\"/>\n");
            case REFUSES -> {
                send("SIP/2.0 " + phone.status() + " Refused\n" + REPLY + CONTACT + NO_BODY, true, "");
                text.append("<recv request=\"ACK\"><action>\n");
                log("REFUSED [call_id] " + phone.status());
                text.append("</action></recv>\n<nop next=\"end\"/>\n");
            }
            case RINGS -> {
                ring();
                text.append("<recv request=\"CANCEL\"><action>\n");
                cancelled();
            }
            case ANSWERS -> {
                String answer = "answer" + label++;
                ring();
                text.append("<recv request=\"CANCEL\" timeout=\"" + millis(phone.ringing()) + "\" ontimeout=\"" + answer
                        + "\"><action>\n");
                cancelled();
                text.append("<label id=\"" + answer + "\"/>\n");
                send(
                        "SIP/2.0 200 OK\n" + REPLY + CONTACT
                                + "Content-Type: application/sdp\nContent-Length: [len]\n\n" + sdp(),
                        true,
                        "");
                text.append("<recv request=\"ACK\"><action>\n");
                log("UP [call_id]");
                text.append("</action></recv>\n");
                talk(
                        phone,
                        "BYE [$peer] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nFrom:[$to];tag=[pid]T[call_number]\n"
                                + "To:[$from]\nCall-ID: [call_id]\nCSeq: 1 BYE\nMax-Forwards: 70\n",
                        REPLY.replace(";tag=[pid]T[call_number]", ""));
            }
        }
    }

    /** A phone that calls. */
    static String calls(String from, String name, String to, Phone phone, InetSocketAddress media) {
        Scenario scenario = new Scenario(media);
        String head = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nFrom: \"" + name + "\" <sip:"
                + from + "@[local_ip]:[local_port]>;tag=[pid]T[call_number]\n";
        String rest = "Call-ID: [call_id]\nContact: <sip:" + from + "@[local_ip]:[local_port]>\nMax-Forwards: 70\n";
        String uri = "sip:" + to + "@[remote_ip]:[remote_port]";
        scenario.send(
                "INVITE " + uri + " SIP/2.0\n" + head + "To: <" + uri + ">\n" + rest
                        + "CSeq: 1 INVITE\nContent-Type: application/sdp\nContent-Length: [len]\n\n" + scenario.sdp(),
                true,
                "");
        for (int code : new int[] {100, 180, 181, 182, 183}) {
            scenario.text.append("<recv response=\"" + code + "\" optional=\"true\"/>\n");
        }
        for (int code : REFUSALS) {
            scenario.text.append("<recv response=\"" + code + "\" optional=\"true\" next=\"refused\"><action>\n");
            scenario.log("REFUSED [call_id] " + code);
            scenario.text.append("</action></recv>\n");
        }
        scenario.text.append(
                "<recv response=\"200\" rrs=\"true\"><action>\n<ereg regexp=\"c=IN IP4 ([0-9.]+)\" search_in=\"msg\" assign_to=\"connection,host\"/>\n<ereg regexp=\"m=audio ([0-9]+)\" search_in=\"msg\" assign_to=\"audio,port\"/>\n");
        scenario.log("UP [call_id] [$host]:[$port]");
        scenario.text.append("</action></recv>\n");
        scenario.send(
                "ACK [next_url] SIP/2.0\n" + head + "[routes]\nTo: <" + uri + ">[peer_tag_param]\n" + rest
                        + "CSeq: 1 ACK\n" + NO_BODY,
                false,
                "");
        scenario.talk(
                phone,
                "BYE [next_url] SIP/2.0\n" + head + "[routes]\nTo: <" + uri + ">[peer_tag_param]\n" + rest
                        + "CSeq: 2 BYE\n",
                REPLY.replace(";tag=[pid]T[call_number]", ""));
        scenario.text.append("<label id=\"refused\"/>\n");
        scenario.send(
                "ACK " + uri
                        + " SIP/2.0\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\nCSeq: 1 ACK\nMax-Forwards: 70\n"
                        + NO_BODY,
                false,
                "");
        return scenario.end("connection,host,audio,port");
    }

    /** Up, until either side hangs up. */
    private void talk(Phone phone, String bye, String reply) {
        String hangUp = "bye" + label++;
        String limit = phone.hangsUp()
                .map(after -> " timeout=\"" + millis(after) + "\" ontimeout=\"" + hangUp + "\"")
                .orElse("");
        String reason = "why" + label++;
        text.append("<recv request=\"BYE\"" + limit
                + "><action>\n<ereg regexp=\".*\" search_in=\"hdr\" header=\"Reason:\" assign_to=\"" + reason
                + "\"/>\n");
        log("BYE [call_id] [$" + reason + "]");
        text.append("</action></recv>\n");
        send("SIP/2.0 200 OK\n" + reply + NO_BODY, false, "end");
        if (phone.hangsUp().isPresent()) {
            text.append("<label id=\"" + hangUp + "\"/>\n");
            send(
                    bye
                            + (phone.cause().isPresent()
                                    ? "Reason: Q.850;cause=" + phone.cause().getAsInt() + "\n"
                                    : "")
                            + NO_BODY,
                    true,
                    "");
            text.append("<recv response=\"200\"><action>\n");
            log("HUNGUP [call_id]");
            text.append("</action></recv>\n<nop next=\"end\"/>\n");
        }
    }

    private void ring() {
        send("SIP/2.0 180 Ringing\n" + REPLY + CONTACT + NO_BODY, false, "");
    }

    private void cancelled() {
        log("CANCELLED [call_id]");
        text.append("</action></recv>\n");
        send("SIP/2.0 200 OK\n" + REPLY + NO_BODY, false, "");
        send(
                "SIP/2.0 487 Request Terminated\n" + REPLY.replace("[last_CSeq:]", "CSeq: [$cseq] INVITE") + NO_BODY,
                true,
                "");
        text.append("<recv request=\"ACK\" next=\"end\"/>\n");
    }

    private String sdp() {
        return "v=0\no=phone 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 "
                + media.getAddress().getHostAddress()
                + "\nt=0 0\nm=audio " + media.getPort()
                + " RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\n\n";
    }

    private void send(String message, boolean again, String next) {
        text.append("<send" + (again ? " retrans=\"500\"" : "") + (next.isEmpty() ? "" : " next=\"" + next + "\"")
                + "><![CDATA[\n" + message + "]]></send>\n");
    }

    private void log(String message) {
        text.append("<log message=\"TOCSIN " + message + "\"/>\n");
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }

    private String end(String variables) {
        StringBuilder used = new StringBuilder(variables);
        for (int i = 0; i < label; i++) {
            if (text.indexOf("assign_to=\"why" + i + "\"") >= 0) {
                used.append(",why").append(i);
            }
        }
        return text.append("<label id=\"end\"/>\n<Reference variables=\"" + used + "\"/>\n</scenario>\n")
                .toString();
    }
}
