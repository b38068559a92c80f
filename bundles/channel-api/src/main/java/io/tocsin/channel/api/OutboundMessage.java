package io.tocsin.channel.api;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One message to one endpoint, fully rendered.
 *
 * @param reference our own id of this message, unique for ever, 1 to 64 characters of {@code [A-Za-z0-9._-]}; what a
 *     carrier may echo back in receipts
 * @param address the endpoint: E.164 with its plus for telephones, RFC 5321 mailbox for mail; never null
 * @param sender the sender the recipient should see, if the scenario or tenant names one
 * @param language BCP 47 tag of the text; never null
 * @param subject for channels with a subject line; never null, may be empty
 * @param text the plain text; never null
 * @param html an HTML rendition, if the scenario has one
 * @param answerUrl where a person answers by the web, if the message asks a question
 * @param category what the message is for: decides priority at carriers that have one
 * @param drill true for an exercise: the text already says so
 * @param possibleDuplicate true when an earlier copy may have left: flagged before being sent again
 * @param repeatKey the same for every try of this message at this address, also on another node or account, and of no other message:
 *     what a receiver that heeds such keys may drop repeats by, where {@code reference} is of one try. 1 to 64 characters of
 *     {@code [A-Za-z0-9_-]}, which nobody can guess and which say nothing of the person
 * @param call what is said and asked, for a channel whose {@link ChannelType#media} names {@code audio}; since 1.4
 * @param document a PDF, for a channel whose {@link ChannelType#media} names {@code document}: printed after the text, which may
 *     be empty; readable by this process for as long as the message is under way; since 1.4
 */
public record OutboundMessage(
        String reference,
        String address,
        Optional<String> sender,
        String language,
        String subject,
        String text,
        Optional<String> html,
        Optional<String> answerUrl,
        Category category,
        boolean drill,
        boolean possibleDuplicate,
        String repeatKey,
        Optional<CallScript> call,
        Optional<Path> document) {

    /** What a message is for; ordered from the most urgent. */
    public enum Category {
        LIFE_SAFETY,
        OPERATIONAL,
        INFORMATION
    }

    public OutboundMessage {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(language, "language");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(html, "html");
        Objects.requireNonNull(answerUrl, "answerUrl");
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(repeatKey, "repeatKey");
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(document, "document");
    }

    /** A message that is read. */
    public OutboundMessage(
            String reference,
            String address,
            Optional<String> sender,
            String language,
            String subject,
            String text,
            Optional<String> html,
            Optional<String> answerUrl,
            Category category,
            boolean drill,
            boolean possibleDuplicate,
            String repeatKey) {
        this(
                reference,
                address,
                sender,
                language,
                subject,
                text,
                html,
                answerUrl,
                category,
                drill,
                possibleDuplicate,
                repeatKey,
                Optional.empty(),
                Optional.empty());
    }

    /** A message that is tried once: its reference is its repeat key. */
    public OutboundMessage(
            String reference,
            String address,
            Optional<String> sender,
            String language,
            String subject,
            String text,
            Optional<String> html,
            Optional<String> answerUrl,
            Category category,
            boolean drill,
            boolean possibleDuplicate) {
        this(
                reference,
                address,
                sender,
                language,
                subject,
                text,
                html,
                answerUrl,
                category,
                drill,
                possibleDuplicate,
                reference);
    }

    /** Names the message without its text or address: both are personal data. */
    @Override
    public String toString() {
        return "OutboundMessage[" + reference + "]";
    }
}
