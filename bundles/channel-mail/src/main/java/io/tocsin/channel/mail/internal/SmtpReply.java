package io.tocsin.channel.mail.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's reply without its text, which may hold personal data.
 *
 * @param code the reply code (RFC 5321, 4.2), 0 when there was no reply
 * @param status the enhanced status code (RFC 3463) such as {@code 5.1.1}, or empty
 */
record SmtpReply(int code, String status) {
    static final SmtpReply NONE = new SmtpReply(0, "");

    private static final Pattern STATUS = Pattern.compile("^\\d{3}[ -]([245]\\.\\d{1,3}\\.\\d{1,3})\\b");

    static SmtpReply of(int code, String text) {
        Matcher status = STATUS.matcher(text);
        return new SmtpReply(code, status.find() ? status.group(1) : "");
    }

    boolean silent() {
        return code == 0;
    }

    boolean transientFailure() {
        return code >= 400 && code < 500;
    }

    boolean permanentFailure() {
        return code >= 500 && code < 600;
    }

    /** Whether the enhanced status is about this subject: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy. */
    boolean about(int subject) {
        return status.length() > 2
                && status.charAt(1) == '.'
                && status.charAt(2) == '0' + subject
                && status.charAt(3) == '.';
    }

    /** The code as the channel's table writes it: {@code smtp-550-5.1.1}. */
    String word() {
        return "smtp-" + code + (status.isEmpty() ? "" : "-" + status);
    }
}
