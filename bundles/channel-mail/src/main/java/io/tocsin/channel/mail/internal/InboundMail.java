package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import java.util.List;

/** What a mail in the account's mailbox turned out to be. */
sealed interface InboundMail {

    /** A delivery status notification about mails of ours, a receipt a recipient (RFC 3464). */
    record Report(List<Receipt> receipts) implements InboundMail {}

    /** A mail a person wrote. */
    record Reply(InboundMessage message) implements InboundMail {}

    /** Written by a machine and no receipt: an out-of-office notice, a list, a report about something else. */
    record Automatic(String sign) implements InboundMail {
        @Override
        public String toString() {
            return sign;
        }
    }

    /** Whether it belongs to a mail of ours, so that it may be deleted once recorded. */
    default boolean recognised() {
        return this instanceof Report
                || this instanceof Reply reply && reply.message().reference().isPresent();
    }
}
