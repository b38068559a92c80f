package io.tocsin.lab.mail;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A mail the server took, for one recipient.
 *
 * @param sender the envelope sender, empty for {@code <>}
 * @param recipient the envelope recipient
 * @param parameters the ESMTP parameters of MAIL and RCPT by upper-case name: {@code ENVID}, {@code NOTIFY}, {@code ORCPT} …
 * @param content the mail as it came, headers and body
 */
public record ReceivedMail(String sender, String recipient, Map<String, String> parameters, byte[] content) {

    public ReceivedMail {
        parameters = Map.copyOf(parameters);
    }

    /** The content as text, a byte a character. */
    public String source() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "ReceivedMail[" + recipient + ", " + content.length + " bytes]";
    }
}
